import { readdirSync, readFileSync } from "node:fs";
import {
  type Problem,
  type Validation,
  validateConfig,
  validateFeature,
  validateFlow,
  validateSegment,
  validateSettings,
} from "@cairn/flow-schema";
import type { DefinitionName } from "../src/validate.ts";

export interface ValidFixture {
  readonly name: string;
  readonly kind: DefinitionName;
  readonly value: unknown;
}
export interface InvalidFixture extends ValidFixture {
  readonly problems: readonly {
    readonly path: string;
    readonly code: Problem["code"];
    /** Part of the message. */
    readonly found?: string;
    /** Part of the fix. */
    readonly write?: string;
  }[];
}

const read = (folder: string) => {
  const directory = new URL(`./${folder}/`, import.meta.url);
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => ({ name, value: JSON.parse(readFileSync(new URL(name, directory), "utf8")) as unknown }));
};

/** Files are named for what they hold: `flow-…`, `feature-…`, `segment-…`, `settings-…`, `config-…`. */
export const VALID: readonly ValidFixture[] = read("valid").map(({ name, value }) => ({
  name,
  kind: name.split("-")[0] as DefinitionName,
  value,
}));

export const INVALID: readonly InvalidFixture[] = read("invalid").flatMap(
  ({ value }) => value as InvalidFixture[],
);

export function validateAs(kind: DefinitionName, value: unknown): Validation<unknown> {
  switch (kind) {
    case "flow":
      return validateFlow(value);
    case "feature":
      return validateFeature(value);
    case "segment":
      return validateSegment(value);
    case "settings":
      return validateSettings(value);
    case "config":
      return validateConfig(value);
  }
}
