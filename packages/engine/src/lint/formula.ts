import type { Claim } from "./claim.ts";

/** A statement about one person at one moment, made of claims. Equal claims have equal keys. */
export interface Atom {
  readonly op: "atom";
  readonly key: string;
  /** Claims of one group are about the same thing, and are judged together. */
  readonly group: string;
  readonly claim: Claim;
}
export type Formula =
  | boolean
  | Atom
  | { readonly op: "and" | "or"; readonly of: readonly Formula[] }
  | { readonly op: "not"; readonly of: Formula };

/** A claim together with whether it is taken to be true. */
export interface Literal<C = Claim> {
  readonly claim: C;
  readonly holds: boolean;
}

export const atom = (group: string, claim: Claim): Atom => ({
  op: "atom",
  key: `${group}|${JSON.stringify(claim)}`,
  group,
  claim,
});

export const and = (...of: readonly Formula[]): Formula => join("and", of, false);
export const or = (...of: readonly Formula[]): Formula => join("or", of, true);

function join(op: "and" | "or", of: readonly Formula[], decisive: boolean): Formula {
  const rest = of.filter((one) => one !== !decisive);
  if (rest.includes(decisive)) return decisive;
  const [only] = rest;
  if (only === undefined) return !decisive;
  return rest.length === 1 ? only : { op, of: rest };
}

export function not(of: Formula): Formula {
  if (typeof of === "boolean") return !of;
  return of.op === "not" ? of.of : { op: "not", of };
}
