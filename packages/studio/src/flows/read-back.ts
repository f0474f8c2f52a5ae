import { type DescribeNames, describe as inWords } from "@cairn/engine/describe";
import type { Flow } from "@cairn/flow-schema";
import type { Language } from "../shell/preferences.ts";
import type { Surroundings } from "./flow-api.ts";

/** The whole rule of a flow as one plain sentence; `undefined` where it cannot be said. */
export function readBack(
  flow: Flow,
  language: Language,
  surroundings: Surroundings | undefined,
): string | undefined {
  try {
    return inWords(flow, language, surroundings === undefined ? {} : namesOf(surroundings));
  } catch {
    // A sentence is a help beside the editor: it must never take the editor down with it.
    return undefined;
  }
}

function namesOf({ features, segments, flows }: Surroundings): DescribeNames {
  return {
    features,
    segments,
    flows: flows.map(({ id, name }) => (name === null ? { id } : { id, name })),
  };
}
