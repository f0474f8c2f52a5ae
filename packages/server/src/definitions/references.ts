import type { Problem } from "@cairn/flow-schema";
import type { DefinitionChange, DefinitionKind, Definitions } from "../storage/storage.ts";

/** What would point at nothing if these changes were made. */
export function danglingAfter(
  _definitions: Definitions,
  ..._changes: readonly DefinitionChange[]
): readonly Problem[] {
  return [];
}

/** Names of the definitions that point at this one. */
export function usersOf(
  _definitions: Definitions,
  _kind: Exclude<DefinitionKind, "settings">,
  _id: string,
): readonly string[] {
  return [];
}
