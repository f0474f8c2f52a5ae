import type { Truth } from "../condition.ts";
import { canHoldTogether } from "./can-hold-together.ts";
import type { Atom, Formula, Literal } from "./formula.ts";

/** How hard to look; each question costs about a microsecond per claim. */
const MAX_QUESTIONS = 4_000;

export interface SearchOptions {
  /** Attributes are taken to be single values, never lists or objects. */
  readonly singleValues?: boolean;
  /** Answers that are known already, by the claims asked about; new ones are added. */
  readonly judged?: Map<string, boolean>;
}

/**
 * Whether anything can make the formula true: `false` only where that is proven.
 *
 * Tries the claims one by one (DPLL), and drops a branch as soon as the claims about one thing contradict each other.
 * Each group's judge errs on one side only: it says "cannot hold together" where it can prove it. So `false` here is
 * a proof, and `true` may also mean "too hard to tell".
 */
export function canBeTrue(formula: Formula, options: SearchOptions = {}): boolean {
  const assumed = new Map<string, boolean>();
  const groups = new Map<string, Group>();
  const { judged } = options;
  let questions = 0;

  function search(): boolean {
    const value = truthUnder(formula, assumed);
    if (value !== null) return value;
    if (++questions > MAX_QUESTIONS) return true;
    const next = firstOpen(formula, assumed);
    if (!next) return true;
    const known = groups.get(next.group) ?? { literals: [], names: [] };
    for (const holds of [true, false]) {
      const group = {
        literals: [...known.literals, { claim: next.claim, holds }],
        names: [...known.names, `${holds ? "+" : "-"}${next.key}`],
      };
      if (!judge(group)) continue;
      assumed.set(next.key, holds);
      groups.set(next.group, group);
      if (search()) return true;
    }
    assumed.delete(next.key);
    groups.set(next.group, known);
    return false;
  }
  return search();

  function judge({ literals, names }: Group): boolean {
    if (!judged) return canHoldTogether(literals, options);
    const name = [...names].sort().join("\n");
    const value = judged.get(name) ?? canHoldTogether(literals, options);
    judged.set(name, value);
    return value;
  }
}

interface Group {
  readonly literals: readonly Literal[];
  readonly names: readonly string[];
}

function truthUnder(formula: Formula, assumed: ReadonlyMap<string, boolean>): Truth {
  if (typeof formula === "boolean") return formula;
  if (formula.op === "atom") return assumed.get(formula.key) ?? null;
  if (formula.op === "not") {
    const value = truthUnder(formula.of, assumed);
    return value === null ? null : !value;
  }
  const decisive = formula.op === "or";
  let result: Truth = !decisive;
  for (const part of formula.of) {
    const value = truthUnder(part, assumed);
    if (value === decisive) return decisive;
    if (value === null) result = null;
  }
  return result;
}

/** The first claim that the formula's value still hangs on. */
function firstOpen(formula: Formula, assumed: ReadonlyMap<string, boolean>): Atom | undefined {
  if (typeof formula === "boolean") return undefined;
  if (formula.op === "atom") return assumed.has(formula.key) ? undefined : formula;
  if (formula.op === "not") return firstOpen(formula.of, assumed);
  for (const part of formula.of) {
    if (truthUnder(part, assumed) !== null) continue;
    const found = firstOpen(part, assumed);
    if (found) return found;
  }
  return undefined;
}
