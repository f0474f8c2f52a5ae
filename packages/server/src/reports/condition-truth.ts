import { matchesRule } from "@cairn/engine";
import type { Condition, Segment } from "@cairn/flow-schema";

/** What is known about one unit when a report is made. */
export interface Known {
  /** Latest traits of the person; `undefined` for an account as a whole. */
  readonly user: unknown;
  /** Latest traits of the account; `undefined` where there is none. */
  readonly account: unknown;
  readonly segments: readonly Segment[];
  /** The moment the report is made for, epoch milliseconds. */
  readonly now: number;
}

/** Deeper than the validator lets a definition be; bounds what is done with a stored one. */
const DEPTH_LIMIT = 64;

/**
 * A condition's value for a report, in Kleene's logic (`null` is unknown). Reports know latest traits and segments;
 * every other leaf — events, features, flows, pages, moments — is unknown to them. Who is not known to be entitled or
 * excluded is neither.
 */
export function truthOf(condition: Condition, known: Known, depth = 0): boolean | null {
  if (depth > DEPTH_LIMIT) return null;
  if ("all" in condition) {
    let value: boolean | null = true;
    for (const part of condition.all) {
      const truth = truthOf(part, known, depth + 1);
      if (truth === false) return false;
      if (truth === null) value = null;
    }
    return value;
  }
  if ("any" in condition) {
    let value: boolean | null = false;
    for (const part of condition.any) {
      const truth = truthOf(part, known, depth + 1);
      if (truth === true) return true;
      if (truth === null) value = null;
    }
    return value;
  }
  if ("not" in condition) {
    const truth = truthOf(condition.not, known, depth + 1);
    return truth === null ? null : !truth;
  }
  if ("user" in condition)
    return known.user === undefined ? null : matchesRule(known.user, condition.user, known.now);
  if ("account" in condition)
    return known.account === undefined ? null : matchesRule(known.account, condition.account, known.now);
  if ("segment" in condition) {
    const segment = known.segments.find(({ id }) => id === condition.segment);
    return segment === undefined ? null : truthOf(segment.where, known, depth + 1);
  }
  return null;
}
