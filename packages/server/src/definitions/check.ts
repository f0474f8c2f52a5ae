import { ID_PATTERN, type Problem } from "@cairn/flow-schema";
import type { DefinitionKind } from "../storage/storage.ts";

/** What is wrong with one definition by itself; an empty list where nothing is. */
export function problemsOf(kind: DefinitionKind, value: unknown, file: string): readonly Problem[] {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return [
      { file, path: "", code: "wrong-type", message: "not an object", fix: `write a ${kind} as an object` },
    ];
  const { id } = value as { id?: unknown };
  if (kind !== "settings" && (typeof id !== "string" || !ID_PATTERN.test(id)))
    return [
      { file, path: "/id", code: "bad-id", message: "not an id", fix: "write lower-case words and hyphens" },
    ];
  return [];
}
