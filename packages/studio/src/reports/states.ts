/** A feature's states, deepest use first: the order of every bar, legend and column. */
export const STATES = ["activated", "tried", "lapsed", "untried"] as const;
export type State = (typeof STATES)[number];

/** The states that a chart of use stacks; who never tried is what is missing above. */
export const USED_STATES = ["activated", "tried", "lapsed"] as const;
