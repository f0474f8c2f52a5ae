import { addTime, KEPT_TIMES, newTimes } from "./history.ts";
import { own } from "./own.ts";
import type { State } from "./user-state.ts";

/** What an account remembers of its people's runs of a flow. A ghost counts as shown. */
export type TeamFact = "shown" | "completed" | "dismissed" | "snoozed" | "goal";

const keyOf = (what: TeamFact, flow: string) => `${what}:${flow}`;

/** Tells the account's book what became of a flow; for `frequency.per: "account"`. */
export function tellTeam({ team }: State, what: TeamFact, flow: string, at: number): void {
  if (!team) return;
  const key = keyOf(what, flow);
  team[key] = own(team, key) ?? newTimes(-1);
  addTime(team[key], at, KEPT_TIMES);
}

/** How often that happened in the account, and when last (-1 = never). */
export function toldTeam(
  { team }: State,
  what: TeamFact,
  flow: string,
): { readonly n: number; readonly last: number } {
  return own(team ?? {}, keyOf(what, flow)) ?? { n: 0, last: -1 };
}
