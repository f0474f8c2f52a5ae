import type { Condition, Segment } from "@cairn/flow-schema";
import type { People } from "./people.ts";
import { holdsBefore, looksAtUsers } from "./spells.ts";

/**
 * Which accounts may use a feature. An account is **entitled** at a moment if it matches `availableTo` as a whole, or
 * if one of the people whose account it is does: a feature for admins is open to an account that has one.
 *
 * @param momentsOf an account's moments, epoch milliseconds; `width` of them
 * @returns at `account * width + moment`: 1 where the account was entitled just before that moment
 */
export function entitledAccounts(
  people: People,
  condition: Condition | undefined,
  segments: readonly Segment[],
  width: number,
  momentsOf: (account: number) => Float64Array,
): Uint8Array {
  const entitled = new Uint8Array(people.accounts.names.length * width);
  if (condition === undefined) return entitled.fill(1);
  const mark = (level: "user" | "account", accountOf: (unit: number) => number) => {
    const spells = people.spells(level, condition);
    for (const unit of spells.order) {
      const account = accountOf(unit);
      if (account < 0) continue;
      const moments = momentsOf(account);
      for (let i = 0; i < width; i++)
        if (holdsBefore(spells, unit, moments[i] as number)) entitled[account * width + i] = 1;
    }
  };
  mark("account", (account) => account);
  if (looksAtUsers(condition, segments))
    mark("user", (person) => people.identity.accountOfPerson[person] as number);
  return entitled;
}
