import type { AccountAdoption, AdoptionFigure, AdoptionSummary } from "./adoption-schema.ts";
import { wilson } from "./wilson.ts";

/** Below this many nobody draws a trend. */
const ENOUGH = 30;

type Share = AccountAdoption["breadth"];

/** One account's figure; `null` where there is nothing to divide by. More than the whole is no share: no interval. */
export function shareOf(numerator: number, n: number | null): Share {
  if (n === null || n === 0) return null;
  if (numerator > n) return { numerator, n, value: numerator / n, low: null, high: null };
  return wilson(numerator, n);
}

/** The figures over accounts: those seen for long enough, each once. Accounts differ in size, so nothing is pooled. */
export function summariseAdoption(accounts: readonly AccountAdoption[]): AdoptionSummary {
  const mature = accounts.filter(({ immature }) => !immature);
  const depths = mature.map(({ depth }) => depth);
  return {
    accounts: accounts.length,
    immature: accounts.length - mature.length,
    breadth: figureOf(mature.map(({ breadth }) => breadth)),
    depth: { ...figureOf(depths), over: depths.filter((depth) => depth !== null && depth.value > 1).length },
    frequency: figureOf(mature.map(({ frequency }) => frequency)),
  };
}

function figureOf(shares: readonly Share[]): AdoptionFigure {
  const values = Float64Array.from(shares.flatMap((share) => (share === null ? [] : [share.value]))).sort();
  const n = values.length;
  const quartile = (part: number) => values[Math.ceil(part * n) - 1] ?? null;
  return {
    n,
    missing: shares.length - n,
    quartiles: { p25: quartile(1 / 4), median: quartile(1 / 2), p75: quartile(3 / 4) },
    none: wilson(values.filter((value) => value === 0).length, n),
    full: wilson(values.filter((value) => value >= 1).length, n),
    trend: n >= ENOUGH,
  };
}
