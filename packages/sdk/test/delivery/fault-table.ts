import { readFileSync } from "node:fs";
import { join } from "node:path";

export type Decision = "keep" | "again" | "later" | "stop" | "drop" | "halve";
export interface Row {
  readonly fault: string;
  readonly config: Decision;
  readonly events: Decision;
  readonly state: Decision;
}

/** The table that docs/delivery.md promises. */
export function readFaultTable(): readonly Row[] {
  const text = readFileSync(join(import.meta.dirname, "../../../../docs/delivery.md"), "utf8");
  const table = text.split("| fault | config | events | state |\n")[1]?.split("\n\n")[0] ?? "";
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, fault = "", config, events, state]) => ({ fault, config, events, state }) as Row);
}
