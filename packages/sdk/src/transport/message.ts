import type { State } from "@cairn/engine";
import type { Message, MessageContext } from "@cairn/flow-schema";
import type { Clock } from "../ports.ts";
import { SDK_VERSION } from "../version.ts";

/** What is new in a message; the rest is stamped on. */
export type MessageBody = Pick<Message, "type" | "event" | "name" | "groupId" | "properties" | "traits">;

/** Stamps messages with who, where, when, and their number within session and tab. */
export function createStamp(ports: {
  window: Window;
  clock: Clock;
  uuid: (now: number) => string;
  tab: string;
  timezone: string;
  locale: () => string;
  state: () => State;
}): (
  body: MessageBody,
  about?: { at?: number; run?: string | undefined; decidedAt?: number | undefined },
) => Message {
  let session = "";
  let seq = 0;

  /** Query and fragment can carry anything about anybody; they stay in the browser. */
  function bare(url: string): string {
    try {
      const { origin, pathname } = new URL(url);
      return origin + pathname;
    } catch {
      return "";
    }
  }

  return (body, { at = ports.clock.now(), run, decidedAt } = {}) => {
    const { session: current, person } = ports.state();
    if (current.id !== session) {
      session = current.id;
      seq = 0;
    }
    const { location, document } = ports.window;
    const context: MessageContext = {
      page: {
        url: bare(location.href),
        path: location.pathname,
        title: document.title,
        referrer: bare(document.referrer),
      },
      locale: ports.locale(),
      timezone: ports.timezone,
      ...(person.accountId !== undefined && { groupId: person.accountId }),
      cairn: {
        session,
        seq: ++seq,
        tab: ports.tab,
        sdk: SDK_VERSION,
        ...(run !== undefined && { run }),
        ...(decidedAt !== undefined && { decidedAt: new Date(decidedAt).toISOString() }),
      },
    };
    return {
      ...body,
      messageId: ports.uuid(ports.clock.now()),
      timestamp: new Date(at).toISOString(),
      anonymousId: person.anonymousId,
      ...(person.userId !== undefined && { userId: person.userId }),
      context,
    };
  };
}
