import type { JsonObject } from "@cairn/flow-schema";
import type { Input } from "./input.ts";
import { prepareMemory } from "./memory.ts";
import { endRuns, type Turn } from "./turn.ts";
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
  turn.raised.push("user");
}

export function joinAccount(turn: Turn, { accountId, traits }: Extract<Input, { type: "group" }>): void {
  const { state } = turn;
  const { person } = state;
  let known: JsonObject = person.account;
  if (person.accountId !== accountId) {
    known = {};
    // What another account's people did is nothing to this one.
    if (person.accountId !== undefined) state.team = null;
  }
  person.accountId = accountId;
  person.account = { ...known, ...traits };
  turn.raised.push("account");
}

/** Somebody else uses this device now: what was remembered belongs to the person before. */
function forget(turn: Turn): void {
  const { state, now } = turn;
  endRuns(turn, "stopped");
  const { device, person, local } = state;
  const { fresh, url, locale, guards, located, watching, elements, wake } = local;
  const empty = createState({ device, anonymousId: person.anonymousId, now });
  state.person = empty.person;
  state.shared = empty.shared;
  turn.books = undefined;
  state.team = null;
  state.log = [];
  state.local = { ...empty.local, fresh, url, locale, guards, located, watching, elements, wake };
  turn.reopened.length = 0;
  turn.firings.length = 0;
  prepareMemory(turn);
}
