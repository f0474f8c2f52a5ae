import type { Terminal } from "./terminal.ts";

export interface Progress {
  update(read: number, of: number | undefined): void;
  /** Takes the bar away. */
  clear(): void;
}

const WIDTH = 30;
const EVERY_MS = 200;
/** Shorter work shows no bar. */
const PATIENCE_MS = 500;

/** A bar on standard error, only where a person looks at it and only when it takes a while. */
export function createProgress({ stderr }: Pick<Terminal, "stderr">, now: () => number): Progress {
  if (!stderr.isTTY) return { update() {}, clear() {} };
  const begun = now();
  let drawn = 0;
  return {
    update(read, of) {
      const time = now();
      if (time - begun < PATIENCE_MS || time - drawn < EVERY_MS) return;
      drawn = time;
      const megabytes = `${(read / 1e6).toFixed(0)} MB`;
      if (of === undefined) stderr.write(`\r${megabytes} read `);
      else {
        const done = Math.round((WIDTH * read) / Math.max(of, 1));
        const share = Math.floor((100 * read) / Math.max(of, 1));
        stderr.write(`\r[${"#".repeat(done).padEnd(WIDTH, "·")}] ${share} % of ${(of / 1e6).toFixed(0)} MB `);
      }
    },
    clear() {
      if (drawn > 0) stderr.write(`\r${" ".repeat(WIDTH + 30)}\r`);
    },
  };
}
