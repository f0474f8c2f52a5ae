import type { Problem, ProblemCode } from "./problem.ts";

/** A place where a definition names another one. */
export interface Reference {
  readonly kind: "flow" | "feature" | "segment";
  readonly id: string;
  readonly path: string;
}

/** What one validation gathers. */
export interface Run {
  readonly file: string;
  readonly problems: Problem[];
  readonly references: Reference[];
  /** The checks that `x-check` names; none where only the shape is asked. */
  readonly checks: { readonly [name: string]: Check };
}

/** A check beyond shape; it is only asked about values whose shape is right. */
export type Check = (value: unknown, path: string, run: Run) => void;

/** More problems help nobody, and a hostile file must not fill the memory. */
const MOST_PROBLEMS = 100;

export function report(run: Run, path: string, code: ProblemCode, message: string, fix: string): void {
  if (run.problems.length < MOST_PROBLEMS) run.problems.push({ file: run.file, path, code, message, fix });
}
