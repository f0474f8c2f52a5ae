import { own } from "./own.ts";

/**
 * What one device remembers of one thing that happens: exact where it says so, and bounded. All moments later than
 * `since` are in `at`, in order; `n` counts everything later than `from`.
 */
export interface Times {
  n: number;
  first: number;
  last: number;
  /** Counting began after this moment; -1: nothing came before. */
  from: number;
  /** The list is complete after this moment. */
  since: number;
  at: number[];
  /** For a feature: when it was first activated, and under which definition. */
  done?: number;
  rule?: string;
}

/** One device's memory. Keys: `e:` event name, `w:` event with a condition of its own, `f:` feature. */
export type Book = { [key: string]: Times };

/** Event names remembered per device; the one not seen for longest makes room. */
export const MAX_NAMES = 256;
/** Moments kept per event name. */
export const KEPT_TIMES = 50;

export function newTimes(from: number, rule?: string): Times {
  const times: Times = { n: 0, first: 0, last: 0, from, since: from, at: [] };
  if (rule) times.rule = rule;
  return times;
}

export function addTime(times: Times, now: number, keep: number): void {
  if (times.n++ === 0) times.first = now;
  times.last = now;
  times.at.push(now);
  if (times.at.length > keep) times.since = times.at.shift() ?? now;
}

/** How often, later than `after` (-1 = ever); `exact: false` where it may have been more often. */
export interface Count {
  readonly n: number;
  readonly exact: boolean;
}

export function countTimes(all: readonly Times[], after: number): Count {
  let n = 0;
  let exact = true;
  for (const times of all) {
    if (after < 0) {
      n += times.n;
      exact &&= times.from < 0;
      continue;
    }
    for (let i = times.at.length - 1; i >= 0 && (times.at[i] ?? 0) > after; i--) n++;
    // Before counting began nothing is known; a list that lost its older part still knows what came after.
    exact &&= after >= times.since;
  }
  return { n, exact };
}

/** What the books say about one key. */
export function timesOf(books: readonly Book[], key: string): Times[] {
  const found: Times[] = [];
  for (const book of books) {
    const times = own(book, key);
    if (times) found.push(times);
  }
  return found;
}
