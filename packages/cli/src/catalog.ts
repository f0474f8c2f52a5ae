import type { lint } from "@cairn/engine/lint";
import { failure } from "./failure.ts";
import { readJsonFile } from "./json-file.ts";

export type Catalog = NonNullable<Parameters<typeof lint>[0]["catalog"]>;

type Fields = { readonly [name: string]: unknown };

/** Reads what `GET /v1/catalog` answered; another file ends the command with a failure that says what is wrong. */
export function readCatalog(path: string): Catalog {
  const { value, problem } = readJsonFile(path);
  if (problem) throw failure(`${path}:${problem.line}:${problem.column} ${problem.message}`);
  const wrong = faultOf(value);
  if (wrong !== undefined)
    throw failure(`${path}: this is not a catalog${wrong}; save what GET /v1/catalog answers`);
  return value as Catalog;
}

/** The first part that is not as a catalog has it, in words; `""` where all of it is something else. */
function faultOf(value: unknown): string | undefined {
  if (!isFields(value)) return "";
  const { attributes = {}, audience = {} } = value;
  if (!isFields(attributes)) return ': "attributes" is no object';
  if (!isFields(audience) || !isFields(audience.flows ?? {})) return ': "audience" is no object';
  const lists: readonly [name: string, list: unknown, key: string][] = [
    ["events", value.events, "name"],
    ["anchors", value.anchors, "name"],
    ["pages", value.pages, "path"],
    ["attributes.user", attributes.user, "path"],
    ["attributes.account", attributes.account, "path"],
  ];
  const bad = lists.find(([, list, key]) => list !== undefined && !isListOf(list, key));
  if (bad) return `: "${bad[0]}" is no list of {"${bad[2]}": …}`;
  for (const size of [audience, ...Object.values(audience.flows ?? {})])
    for (const unit of ["users", "accounts"])
      if (isFields(size) && !["number", "undefined"].includes(typeof size[unit]))
        return `: "audience" has ${unit} that are no number`;
  return undefined;
}

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isListOf = (list: unknown, key: string): boolean =>
  Array.isArray(list) && list.every((one) => isFields(one) && typeof one[key] === "string");
