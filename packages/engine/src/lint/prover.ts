import type { Condition } from "@cairn/flow-schema";
import { canBeTrue, type SearchOptions } from "./can-be-true.ts";
import { conditionFormula, type Vocabulary } from "./condition-formula.ts";
import { and, type Formula, not } from "./formula.ts";

/** Answers about conditions; remembers what was asked, because definitions share most of what they say. */
export interface Prover extends Vocabulary {
  /** What a condition says; `true` where none is written. `since`: events count from an exposure on. */
  formulaOf(condition: Condition | undefined, since?: boolean): Formula;
  /** Proven: no person and no moment make it true. */
  isNever(formula: Formula): boolean;
  /** Proven: it is never false. */
  isAlways(formula: Formula): boolean;
  /** Nothing makes it true, as long as attributes are single values: good enough for a warning. */
  isNeverForSingleValues(formula: Formula): boolean;
  /** Whoever fits the first fits the second, as long as attributes are single values. */
  implies(first: Formula, second: Formula): boolean;
}

export function createProver(vocabulary: Vocabulary): Prover {
  const judged = { lists: new Map<string, boolean>(), singleValues: new Map<string, boolean>() };
  const formulas = [new WeakMap<Condition, Formula>(), new WeakMap<Condition, Formula>()] as const;
  const never = (formula: Formula, singleValues: boolean) => {
    const options: SearchOptions = {
      singleValues,
      judged: singleValues ? judged.singleValues : judged.lists,
    };
    return !canBeTrue(formula, options);
  };
  return {
    ...vocabulary,
    formulaOf(condition, since = false) {
      if (!condition) return true;
      const known = formulas[since ? 1 : 0];
      const formula = known.get(condition) ?? conditionFormula(condition, { ...vocabulary, since });
      known.set(condition, formula);
      return formula;
    },
    isNever: (formula) => never(formula, false),
    isAlways: (formula) => never(not(formula), false),
    isNeverForSingleValues: (formula) => never(formula, true),
    implies: (first, second) => never(and(first, not(second)), true),
  };
}
