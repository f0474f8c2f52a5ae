import { compilePattern, type PagePattern } from "../url-match.ts";
import type { PageClaim } from "./claim.ts";
import type { Literal } from "./formula.ts";
import { patternsCanHold } from "./pattern-automaton.ts";

/** More ways than this in which patterns could fail to fit are not tried. */
const MAX_WAYS = 64;
/** What ends a segment, by component: protocol, host, port, path, search, hash. */
const DELIMITERS = ["", ".", "", "/", "", ""];

/**
 * Whether one address can fit all these patterns and none of the others; `false` only where proven. An address fits a
 * pattern if each component does, so one that does not fit fails in at least one component: each is tried.
 */
export function pagesCanHold(literals: readonly Literal<PageClaim>[]): boolean {
  let fitting: readonly PagePattern[];
  let failing: readonly PagePattern[];
  try {
    const patterns = (holds: boolean) =>
      literals.filter((one) => one.holds === holds).map(({ claim }) => compilePattern(claim.pattern));
    fitting = patterns(true);
    failing = patterns(false);
  } catch {
    // Not a pattern: the validator has said so.
    return true;
  }
  const components = failing.map((pattern) => DELIMITERS.flatMap((_, i) => (pattern[i] ? [i] : [])));
  if (components.some((list) => list.length === 0)) return false;
  if (components.reduce((product, list) => product * list.length, 1) > MAX_WAYS) return true;
  let ways: readonly (readonly number[])[] = [[]];
  for (const list of components) ways = ways.flatMap((way) => list.map((one) => [...way, one]));
  return ways.some((way) =>
    DELIMITERS.every((delimiter, i) => {
      const must = fitting.flatMap((pattern) => (pattern[i] ? [pattern[i]] : []));
      const mustNot = failing.flatMap((pattern, at) => (way[at] === i && pattern[i] ? [pattern[i]] : []));
      return patternsCanHold(must, mustNot, delimiter);
    }),
  );
}
