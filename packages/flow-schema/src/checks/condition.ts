import type { EventLeaf, SignalLeaf } from "../condition.ts";
import { RESERVED_PREFIX } from "../event.ts";
import { pointer } from "../json-type.ts";
import { type Run, report } from "../run.ts";
import { quote } from "../wording.ts";

const COUNTS = ["atLeast", "atMost", "exactly"] as const;

export function checkCounts(value: unknown, path: string, run: Run): void {
  const written = COUNTS.filter((name) => (value as EventLeaf)[name] !== undefined);
  const [first, second] = written;
  if (first !== undefined && second !== undefined)
    report(
      run,
      pointer(path, second),
      "conflicting-fields",
      `"${first}" and "${second}" stand in one event condition`,
      'keep one of "atLeast", "atMost" and "exactly"; write two conditions in {"all": […]} for a range',
    );
}

export function checkSignal(value: unknown, path: string, run: Run): void {
  const leaf = value as SignalLeaf;
  if (leaf.depth !== undefined && leaf.signal !== "scroll") misplaced("depth", '"scroll"');
  if (leaf.for !== undefined && leaf.signal !== "idle" && leaf.signal !== "dwell")
    misplaced("for", '"idle" and "dwell"');

  function misplaced(field: string, owners: string): void {
    const message = `"${field}" does not go with the signal "${leaf.signal}"`;
    report(
      run,
      pointer(path, field),
      "conflicting-fields",
      message,
      `remove it; "${field}" is for ${owners} only`,
    );
  }
}

export function checkOwnEventName(value: unknown, path: string, run: Run): void {
  const name = value as string;
  if (name.toLowerCase().startsWith(RESERVED_PREFIX))
    report(
      run,
      path,
      "reserved-name",
      `${quote(name)} begins with "${RESERVED_PREFIX}", which is kept for the SDK`,
      "give the event a name of your own",
    );
}
