import type { JsonObject, Message } from "@cairn/flow-schema";
import type { SampleAccount, SampleUser } from "./cast.ts";

export const DAY_MS = 86_400_000;

export interface Visit {
  readonly account: SampleAccount;
  readonly user: SampleUser;
  readonly session: string;
  /** Moves on as the visit does; epoch ms. */
  at: number;
  seq: number;
  path: string;
}

export interface Journal {
  readonly messages: Message[];
  /** Writes one message of this visit, `after` ms later. */
  write(
    visit: Visit,
    after: number,
    body: Body,
    run?: { readonly id: string; readonly decidedAt: number },
  ): void;
}

type Body = Pick<Message, "type" | "event" | "name" | "groupId" | "properties" | "traits">;

/** Collects messages; ids count up, so that the same history has the same ids. */
export function createJournal(label: string): Journal {
  const messages: Message[] = [];
  return {
    messages,
    write(visit, after, body, run) {
      visit.at += after;
      messages.push({
        ...body,
        messageId: `sample-${label}-${String(messages.length + 1).padStart(6, "0")}`,
        timestamp: new Date(visit.at).toISOString(),
        anonymousId: `anonymous-${visit.user.id}`,
        userId: visit.user.id,
        context: {
          page: { path: visit.path },
          locale: visit.account.locale,
          groupId: visit.account.id,
          sample: true,
          cairn: {
            session: visit.session,
            seq: ++visit.seq,
            tab: "sample",
            sdk: "sample",
            ...(run === undefined ? {} : { run: run.id, decidedAt: new Date(run.decidedAt).toISOString() }),
          },
        },
      });
    },
  };
}

export function track(
  journal: Journal,
  visit: Visit,
  after: number,
  event: string,
  properties: JsonObject = {},
) {
  journal.write(visit, after, { type: "track", event, properties });
}

export function page(journal: Journal, visit: Visit, after: number, path: string): void {
  visit.path = path;
  journal.write(visit, after, { type: "page" });
}
