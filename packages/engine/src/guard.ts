import type { TargetKey } from "@cairn/flow-schema";
import type { Compiled } from "./compiled.ts";
import type { GuardReason } from "./input.ts";
import type { State } from "./user-state.ts";

/** What keeps anything from opening at this moment; `null` = nothing. */
export function guardHold(
  { settings }: Compiled,
  { local }: State,
  target: TargetKey | null | undefined,
): GuardReason | null {
  for (const [name, except] of Object.entries(local.guards)) {
    const reason = name as GuardReason;
    if (reason !== "hold" && reason !== "elsewhere" && settings.guard[reason] === false) continue;
    // A hint for something inside the host's modal may open there.
    if (!target || !except.includes(target)) return reason;
  }
  return null;
}
