import type { Problem } from "../problem.ts";

/** What a check found wrong with a value. */
export type Flaw = Pick<Problem, "code" | "message" | "fix">;

/** What is wrong with a message, and where. */
export type Fault = Omit<Problem, "file">;
