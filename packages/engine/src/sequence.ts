/** A chain of events to watch for: `names` in this order, strictly later each, first to last within `within` ms. */
export interface SequenceSpec {
  readonly key: string;
  readonly names: readonly string[];
  readonly without: string | undefined;
  readonly within: number;
  /** For the wait after a completion; the timer's key is the sequence's. */
  readonly wait: number;
}

/**
 * How far a chain has come. For each place: when it was last filled, and the latest start that leads there; beside it
 * the start as it stood before that moment, because the next place must be *strictly* later. -1 = none.
 */
export interface Chain {
  at: number[];
  start: number[];
  before: number[];
  /** Start and end of the latest completion. */
  done: [start: number, end: number] | null;
  /** Older events are not known: "not completed" cannot be told. */
  partial: boolean;
}

export const newChain = (spec: SequenceSpec, partial: boolean): Chain => ({
  at: spec.names.map(() => -1),
  start: spec.names.map(() => -1),
  before: spec.names.map(() => -1),
  done: null,
  partial,
});

const at = (list: readonly number[], i: number) => list[i] ?? -1;

/** One event has happened. Later starts are always better, so one start per place is enough. */
export function extendChain(chain: Chain, spec: SequenceSpec, name: string, now: number): void {
  if (name === spec.without) {
    const drop = (start: number) => (start < now ? -1 : start);
    chain.start = chain.start.map(drop);
    chain.before = chain.before.map(drop);
    if (chain.done && chain.done[0] < now) chain.done = null;
    chain.partial = false;
  }
  for (let i = spec.names.length - 1; i >= 0; i--) {
    if (spec.names[i] !== name) continue;
    const start =
      i === 0 ? now : at(chain.at, i - 1) < now ? at(chain.start, i - 1) : at(chain.before, i - 1);
    if (start < 0 || now - start > spec.within) continue;
    if (at(chain.at, i) < now) {
      chain.before[i] = at(chain.start, i);
      chain.at[i] = now;
    }
    chain.start[i] = Math.max(start, at(chain.start, i));
    if (i === spec.names.length - 1) chain.done = [at(chain.start, i), now];
  }
}
