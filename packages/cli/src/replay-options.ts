import { parseRespond, type Respond } from "@cairn/engine/simulate";
import type { DefinitionPaths } from "./definitions.ts";
import { failure } from "./failure.ts";

/** What `simulate` and `explain` are both told. */
export interface ReplayOptions extends DefinitionPaths {
  readonly events: string;
  readonly respond: string;
  readonly targets: "present" | "absent";
  readonly json?: boolean;
}

export function respondOf({ respond }: Pick<ReplayOptions, "respond">): Respond {
  const found = parseRespond(respond);
  if (found === undefined)
    throw failure(`--respond: "${respond}" is not known; write ignore, dismiss, complete or random:SEED`);
  return found;
}
