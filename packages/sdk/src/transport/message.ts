import type { State } from "@cairn/engine";
import type { Message, MessageContext } from "@cairn/flow-schema";
import type { Clock } from "../ports.ts";
import { SDK_VERSION } from "../version.ts";

/** What is new in a message; the rest is stamped on. */
export type MessageBody = Pick<Message, "type" | "event" | "name" | "groupId" | "properties" | "traits">;

export interface About {
  /** When it happened. @default now */
  readonly at?: number;
  readonly run?: string | undefined;
  readonly decidedAt?: number | undefined;
}
export type Stamp = (body: MessageBody, about?: About) => Message;

const iso = (at: number) => new Date(at).toISOString();
/** Query and fragment can carry anything about anybody; they stay in the browser. */
const bare = (url: string) => url.replace(/[?#].*/s, "");

/** Stamps messages with who, where, when, and their number within session and tab. */
export function createStamp(ports: {
  window: Window;
  clock: Clock;
  uuid: (now: number) => string;
  tab: string;
  timezone(): string;
  /** Of the host's product. */
  release: string | undefined;
  locale: () => string;
  state: () => State;
}): Stamp {
  const { clock, tab, timezone, release } = ports;
  const { location, document } = ports.window;

  return (body, { at, run, decidedAt } = {}) => {
    const now = clock.now();
    const state = ports.state();
    const { anonymousId, userId, accountId } = state.person;
    const { session } = state;
    // Kept with the state: a visit goes on over pages, and when somebody comes back.
    session.seq = (Number(session.seq) || 0) + 1;
    const context: MessageContext = {
      page: {
        url: bare(location.href),
        path: location.pathname,
        title: document.title,
        referrer: bare(document.referrer),
      },
      locale: ports.locale(),
      timezone: timezone(),
      ...(accountId && { groupId: accountId }),
      ...(release && { app: { version: release } }),
      cairn: {
        session: session.id,
        seq: session.seq,
        tab,
        sdk: SDK_VERSION,
        ...(run && { run }),
        ...(decidedAt && { decidedAt: iso(decidedAt) }),
      },
    };
    return {
      ...body,
      messageId: ports.uuid(now),
      timestamp: iso(at ?? now),
      anonymousId,
      ...(userId && { userId }),
      context,
    };
  };
}
