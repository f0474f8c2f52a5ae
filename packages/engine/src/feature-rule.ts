/** When a feature counts as activated and as lapsed, in ms. */
export interface FeatureRule {
  readonly count: number;
  readonly within: number;
  /** -1 = never lapses. */
  readonly lapsedAfter: number;
}

/** The earliest moment at which `count` uses lay in one window, or `undefined`. `times` are in order. */
export function activatedAt(times: readonly number[], { count, within }: FeatureRule): number | undefined {
  for (let i = count - 1; i < times.length; i++) {
    const last = times[i] ?? 0;
    // Windows are (last − within, last].
    if (last - (times[i - count + 1] ?? 0) < within) return last;
  }
  return undefined;
}
