/** The element that a step points at, or that a condition asks about. */
export interface Target {
  /** Stable name that the product puts on the element: `data-cairn="export-button"`. */
  readonly anchor?: string;
  /** CSS selectors, best first; tried where no element carries the anchor. */
  readonly fallback?: readonly string[];
  /** Words that the element must contain (white space folded, case ignored). */
  readonly text?: string;
  /** Which of several matches, counted from 1. @default 1 */
  readonly nth?: number;
}

/** One string per distinct target: the key under which page and engine talk about it. */
export type TargetKey = string;

/** Equal targets have equal keys, whatever the order of their fields. */
export function targetKey(target: Target): TargetKey {
  const { anchor, fallback, text, nth } = target;
  if (anchor !== undefined && text === undefined && (nth ?? 1) === 1 && (fallback?.length ?? 0) === 0)
    return anchor;
  return JSON.stringify([anchor ?? null, fallback ?? [], text ?? null, nth ?? 1]);
}
