export { END_REASONS, REASONS } from "./decision.ts";
export type * from "./decision.ts";
export type * from "./effect.ts";
export type * from "./env.ts";
export type * from "./input.ts";
export type * from "./state.ts";
