import type { Flow } from "@cairn/flow-schema";
import type { Language } from "../shell/preferences.ts";
import type { Surroundings } from "./flow-api.ts";

/** The whole rule of a flow as one plain sentence; `undefined` where it cannot be said. */
export function readBack(
  _flow: Flow,
  _language: Language,
  _surroundings: Surroundings | undefined,
): string | undefined {
  return undefined;
}
