import { matchesRule } from "../attribute.ts";
import type { AttributeClaim } from "./claim.ts";
import type { Literal } from "./formula.ts";

type Test = Literal<AttributeClaim>;

/**
 * Whether something can stand in the order of all texts, or of all versions, where the tests want it: at one of the
 * constants, or between two of them. `named`: the constants themselves are asked too.
 */
export function orderCanHold(tests: readonly Test[], kind: "text" | "version", named: boolean): boolean {
  if (tests.length === 0) return true;
  const prefix = kind === "version" ? "$v" : "$";
  const compare = (a: string, b: string) =>
    a === b || (kind === "version" && asks(a, "$veq", b)) ? 0 : asks(a, `${prefix}lt`, b) ? -1 : 1;
  const sorted = tests.map(({ claim }) => `${claim.expected}`).sort(compare);
  const marks = sorted.filter((mark, i) => i === 0 || compare(mark, sorted[i - 1] ?? "") !== 0);
  // Odd places are the marks, even ones the gaps around them. Nothing stands before the empty text.
  for (let place = marks[0] === "" && kind === "text" ? 1 : 0; place <= marks.length * 2; place++) {
    if (place % 2 === 1 && !named) continue;
    const fits = tests.every(({ claim, holds }) => {
      const mark = marks.findIndex((one) => compare(one, `${claim.expected}`) === 0) * 2 + 1;
      return comesOut(claim.operator.replace(/^\$v?/, ""), place - mark) === holds;
    });
    if (fits) return true;
  }
  return false;
}

const asks = (a: string, operator: string, b: string) => matchesRule({ v: a }, { v: { [operator]: b } }, 0);

function comesOut(operator: string, distance: number): boolean {
  switch (operator) {
    case "lt":
      return distance < 0;
    case "lte":
      return distance <= 0;
    case "gt":
      return distance > 0;
    case "gte":
      return distance >= 0;
    default:
      return distance === 0;
  }
}
