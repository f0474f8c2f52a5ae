import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Definitions {
  readonly flows: readonly { readonly id: string }[];
  readonly features: readonly { readonly id: string }[];
  readonly segments: readonly { readonly id: string }[];
  readonly settings: object;
}

/** `examples/`, seen from the source as well as from the built file: both lie two folders below it. */
const EXAMPLES = fileURLToPath(new URL("../../", import.meta.url));

/** The definitions as they lie in `examples/`, each list in order of its file names. */
export function readDefinitions(examples: string = EXAMPLES): Definitions {
  const read = (path: string): unknown => JSON.parse(readFileSync(join(examples, path), "utf8"));
  const folder = (name: string): { readonly id: string }[] =>
    readdirSync(join(examples, name))
      .filter((file) => file.endsWith(".json"))
      .sort()
      .map((file) => read(join(name, file)) as { readonly id: string });
  return {
    flows: folder("flows"),
    features: folder("features"),
    segments: folder("segments"),
    settings: read("settings.json") as object,
  };
}
