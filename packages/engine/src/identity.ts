import type { JsonObject } from "@cairn/flow-schema";
import type { Input } from "./input.ts";
import { prepareMemory } from "./memory.ts";
import { endRun } from "./runs.ts";
import { truth } from "./truth.ts";
import { openRuns, type Turn } from "./turn.ts";
import { createState } from "./user-state.ts";

/** Who the person is, with traits that join what is known key by key. */
export function identify(
  turn: Turn,
  { userId, traits, verified }: Extract<Input, { type: "identify" }>,
): void {
  const { state } = turn;
  if (state.person.userId !== undefined && state.person.userId !== userId) forget(turn);
  const { person } = state;
  person.userId = userId;
  person.user = { ...person.user, ...traits };
  person.settled = true;
  if (verified !== undefined) person.verified = verified;
  turn.raised.add("user");
  endLeft(turn);
}

export function joinAccount(turn: Turn, { accountId, traits }: Extract<Input, { type: "group" }>): void {
  const { person } = turn.state;
  const known: JsonObject = person.accountId === accountId ? person.account : {};
  person.accountId = accountId;
  person.account = { ...known, ...traits };
  turn.raised.add("account");
  endLeft(turn);
}

/** Somebody else uses this device now: what was remembered belongs to the person before. */
function forget(turn: Turn): void {
  const { state, now } = turn;
  for (const open of [...state.local.open]) endRun(turn, open, "stopped");
  const { device, person, local } = state;
  const { fresh, url, locale, guards, located, watching, elements, wake } = local;
  const empty = createState({ device, anonymousId: person.anonymousId, now });
  state.person = empty.person;
  state.shared = empty.shared;
  state.team = null;
  state.log = [];
  state.local = { ...empty.local, fresh, url, locale, guards, located, watching, elements, wake };
  turn.reopened.clear();
  turn.firings.length = 0;
  prepareMemory(turn);
}

/** Ends what is open for people of another kind: only attributes can take a person out of an audience. */
function endLeft(turn: Turn): void {
  for (const { open, flow, run } of openRuns(turn)) {
    if (!flow.audience || run.how === "forced") continue;
    if (truth(flow.audience, { ...turn, only: ["user", "account"] }) === false)
      endRun(turn, open, "audience-left");
  }
}
