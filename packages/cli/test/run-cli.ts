import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const BIN = fileURLToPath(new URL("../bin/cairn.mjs", import.meta.url));
export const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

export interface Answer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the real command in a process of its own, in the repository's root unless told otherwise. */
export function cairn(
  args: readonly string[],
  options: { input?: string; cwd?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], { cwd: options.cwd ?? ROOT });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(options.input ?? "");
  });
}

export interface Folder {
  readonly path: string;
  dispose(): void;
}

/** A folder with these files; what is no text is written as JSON. */
export function folderWith(files: { readonly [path: string]: unknown }): Folder {
  const path = mkdtempSync(join(tmpdir(), "cairn-test-"));
  for (const [name, content] of Object.entries(files)) {
    const file = join(path, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content, null, 2));
  }
  return { path, dispose: () => rmSync(path, { recursive: true, force: true }) };
}

/** A tooltip on an event, complete enough for the validator. */
export const flow = (id: string, more: object = {}): object => ({
  schemaVersion: 1,
  id,
  kind: "tooltip",
  trigger: { event: "go" },
  steps: [{ id: "one", title: "Hello", target: { anchor: "button" } }],
  ...more,
});

export const line = (at: string, raw: object): string =>
  `${JSON.stringify({ type: "track", event: "go", userId: "u", timestamp: `2026-03-02T${at}Z`, ...raw })}\n`;
