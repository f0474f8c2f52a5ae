import type { PagePattern } from "../url-match.ts";

type Parts = NonNullable<PagePattern[number]>;

/** Steps of one pattern: from a place, by a character (or by any, or by any that ends no segment), to a place. */
interface Automaton {
  readonly steps: readonly Step[];
  readonly free: readonly (readonly [from: number, to: number])[];
  readonly end: number;
}
interface Step {
  readonly from: number;
  readonly by: string | "any" | "segment";
  readonly to: number;
}

const MAX_PLACES = 4_000;
/** Stands for every character that no pattern names. */
const OTHER = "\u0000";

/** Whether some text fits all of the first patterns and none of the second; `false` only where proven. */
export function patternsCanHold(
  must: readonly Parts[],
  mustNot: readonly Parts[],
  delimiter: string,
): boolean {
  if (mustNot.length === 0 && must.length < 2) return true;
  const automata = [...must, ...mustNot].map(automatonOf);
  const alphabet = new Set([OTHER, ...delimiter]);
  for (const { steps } of automata) for (const { by } of steps) if (by.length === 1) alphabet.add(by);
  // All patterns read the same text side by side; a place is where each of them may stand.
  const start = automata.map((one) => reach(one, new Set([0])));
  const seen = new Set([nameOf(start)]);
  const open = [start];
  for (let places = open.pop(); places; places = open.pop()) {
    const fits = places.map((place, i) => place.has(automata[i]?.end ?? -1));
    if (fits.every((fit, i) => fit === i < must.length)) return true;
    if (seen.size > MAX_PLACES) return true;
    for (const letter of alphabet) {
      const next = places.map((place, i) => advance(automata[i] as Automaton, place, letter, delimiter));
      // A pattern that has lost its way never fits again.
      if (next.slice(0, must.length).some((place) => place.size === 0)) continue;
      const name = nameOf(next);
      if (seen.has(name)) continue;
      seen.add(name);
      open.push(next);
    }
  }
  return false;
}

const nameOf = (places: readonly ReadonlySet<number>[]) =>
  places.map((place) => [...place].sort((a, b) => a - b).join()).join(";");

function automatonOf(parts: Parts): Automaton {
  const steps: Step[] = [];
  const free: [number, number][] = [];
  let end = 0;
  const step = (by: Step["by"]) => steps.push({ from: end, by, to: ++end });
  for (const { before, takes, after, modifier } of parts) {
    const begin = end;
    for (const letter of before) step(letter);
    if (takes === "segment") {
      step("segment");
      steps.push({ from: end, by: "segment", to: end });
    } else if (takes === "all") {
      free.push([end, ++end]);
      steps.push({ from: end, by: "any", to: end });
    }
    for (const letter of after) step(letter);
    // A place of its own after each part, so that going round or past it leads into no neighbour.
    free.push([end, ++end]);
    if (modifier === "?" || modifier === "*") free.push([begin, end]);
    if (modifier === "+" || modifier === "*") free.push([end - 1, begin]);
  }
  return { steps, free, end };
}

function reach({ free }: Automaton, places: Set<number>): ReadonlySet<number> {
  for (let size = -1; size !== places.size; ) {
    size = places.size;
    for (const [from, to] of free) if (places.has(from)) places.add(to);
  }
  return places;
}

function advance(
  automaton: Automaton,
  places: ReadonlySet<number>,
  letter: string,
  delimiter: string,
): ReadonlySet<number> {
  const next = new Set<number>();
  for (const { from, by, to } of automaton.steps)
    if (
      places.has(from) &&
      (by === letter || by === "any" || (by === "segment" && (delimiter === "" || letter !== delimiter)))
    )
      next.add(to);
  return reach(automaton, next);
}
