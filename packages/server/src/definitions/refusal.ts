import type { Problem } from "@cairn/flow-schema";
import { httpError } from "../errors.ts";

/** The answer to definitions that are not valid. */
export function refusal(problems: readonly Problem[]): Error {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  return httpError("invalid-definition", `The definition is not valid: ${count}.`, { problems });
}
