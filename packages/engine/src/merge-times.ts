import type { Times } from "./history.ts";

/** Latest moment, or -1. */
export const lastOf = (all: readonly Times[]): number =>
  all.reduce((last, times) => (times.n > 0 ? Math.max(last, times.last) : last), -1);

/** Moments of several devices as one ordered list. */
export const mergeTimes = (all: readonly Times[]): number[] =>
  all.length === 1 ? (all[0]?.at ?? []) : all.flatMap((times) => times.at).sort((a, b) => a - b);
