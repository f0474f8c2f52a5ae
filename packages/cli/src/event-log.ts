import { createReadStream, statSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { checkLine, type LogLine } from "@cairn/engine/simulate";
import { failure, unreadable } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

export interface ReadLogOptions {
  /** A path, or `-` for standard input. */
  readonly events: string;
  readonly onLine: (line: LogLine) => void;
  /** Bytes read so far, and of how many; `undefined` where nobody can know. */
  readonly onProgress?: (read: number, of: number | undefined) => void;
}

const PIECE = 1 << 20;

/** Reads an event log line by line; the first line that is none ends it with a failure that names file and line. */
export async function readLog(options: ReadLogOptions, { stdin }: Pick<Terminal, "stdin">): Promise<void> {
  const { events, onLine, onProgress } = options;
  const name = events === "-" ? "standard input" : events;
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let number = 0;
  let read = 0;
  const take = (text: string) => {
    number++;
    if (text.trim() === "") return;
    let value: unknown;
    try {
      value = JSON.parse(number === 1 ? text.replace(/^\uFEFF/, "") : text);
    } catch (thrown) {
      const why = (thrown as Error).message.replace(/, "[\s\S]*$/, "");
      throw failure(`${name}:${number} the line is not JSON: ${why}; write one message a line`);
    }
    const found = checkLine(value, name);
    if (!found.ok) {
      const { path, message, fix } = found.problem;
      throw failure(`${name}:${number} ${path === "" ? "" : `${path}: `}${message}; ${fix}`);
    }
    onLine(found.value);
  };
  try {
    const size = events === "-" ? undefined : statSync(events).size;
    const stream = events === "-" ? stdin : createReadStream(events, { highWaterMark: PIECE });
    for await (const chunk of stream) {
      const text = rest + (typeof chunk === "string" ? chunk : decoder.write(chunk));
      let from = 0;
      for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", from)) {
        take(text.slice(from, end));
        from = end + 1;
      }
      rest = text.slice(from);
      read += chunk.length;
      onProgress?.(read, size);
    }
    rest += decoder.end();
    if (rest !== "") take(rest);
  } catch (thrown) {
    if (thrown instanceof Error && "syscall" in thrown) throw unreadable(name, thrown);
    throw thrown;
  }
}
