import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { Decision } from "@cairn/engine";
import { compareDecisions } from "@cairn/engine/simulate";

/** Decisions in order of moment, user and flow, however many there are. */
export interface SortedDecisions {
  add(decision: Decision): void;
  /** All of them, in order; equal ones in the order in which they were added. */
  read(): Iterable<Decision>;
  /** Removes what lies on disk. */
  dispose(): void;
}

/**
 * Sorts in memory up to `limit`; beyond that, sorted parts wait in temporary files and are merged as they are read.
 */
export function createSortedDecisions(limit = 200_000): SortedDecisions {
  let buffer: Decision[] = [];
  let folder: string | undefined;
  const parts: string[] = [];
  const spill = () => {
    folder ??= mkdtempSync(join(tmpdir(), "cairn-"));
    const path = join(folder, `${parts.length}.jsonl`);
    const file = openSync(path, "w");
    buffer.sort(compareDecisions);
    // In pieces, because one text of all would be as large as what is to be saved.
    for (let i = 0; i < buffer.length; i += 10_000)
      writeFileSync(
        file,
        buffer
          .slice(i, i + 10_000)
          .map(toLine)
          .join(""),
      );
    closeSync(file);
    parts.push(path);
    buffer = [];
  };
  return {
    add(decision) {
      buffer.push(decision);
      if (buffer.length >= limit) spill();
    },
    *read() {
      buffer.sort(compareDecisions);
      if (parts.length === 0) yield* buffer;
      else yield* merge([...parts.map(readPart), buffer[Symbol.iterator]()]);
    },
    dispose() {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
      buffer = [];
    },
  };
}

const toLine = ({ at, user, flow, outcome, reason, detail }: Decision): string =>
  `${JSON.stringify([at, user, flow, outcome, reason ?? null, detail ?? null])}\n`;

function fromLine(line: string): Decision {
  const [at, user, flow, outcome, reason, detail] = JSON.parse(line);
  return {
    at,
    user,
    flow,
    outcome,
    start: "trigger",
    ...(reason !== null && { reason }),
    ...(detail !== null && { detail }),
  };
}

/** Parts stand in the order in which they were filled, so of equal heads the first part's came first. */
function* merge(parts: Iterator<Decision>[]): Generator<Decision> {
  const heads = parts.map((part) => part.next());
  for (;;) {
    let first = -1;
    for (const [i, head] of heads.entries()) {
      const best = heads[first];
      if (!head.done && (!best || best.done || compareDecisions(head.value, best.value) < 0)) first = i;
    }
    const head = heads[first];
    if (!head || head.done) return;
    yield head.value;
    heads[first] = (parts[first] as Iterator<Decision>).next();
  }
}

function* readPart(path: string): Generator<Decision> {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(1 << 16);
    const decoder = new StringDecoder("utf8");
    let rest = "";
    for (let read = readSync(file, bytes); read > 0; read = readSync(file, bytes)) {
      const lines = (rest + decoder.write(bytes.subarray(0, read))).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) yield fromLine(line);
    }
  } finally {
    closeSync(file);
  }
}
