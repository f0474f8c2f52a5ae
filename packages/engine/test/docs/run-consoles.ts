import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Block, Page } from "./read-page.ts";

const BIN = fileURLToPath(new URL("../../../cli/bin/cairn.mjs", import.meta.url));
const PROMPT = "$ pnpm cairn ";

/** A command that a page shows, with what it says there and what it says now. */
export interface Console {
  readonly block: Block;
  readonly command: string;
  readonly said: string;
  readonly got: string;
}

/** Runs the `console` blocks of a page in a folder that holds the files that the page names. */
export function runConsoles(page: Page): readonly Console[] {
  const folder = mkdtempSync(join(tmpdir(), "cairn-docs-"));
  try {
    for (const { file, text } of page.blocks) {
      if (file === undefined) continue;
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `${text}\n`);
    }
    return page.blocks
      .filter(({ language }) => language === "console")
      .map((block) => {
        const [first = "", ...said] = block.text.split("\n");
        if (!first.startsWith(PROMPT)) throw new Error(`${block.place} does not begin with "${PROMPT}"`);
        const command = first.slice(PROMPT.length);
        const { stdout, error } = spawnSync(process.execPath, [BIN, ...command.split(" ")], {
          cwd: folder,
          encoding: "utf8",
        });
        if (error) throw error;
        return { block, command, said: said.join("\n"), got: stdout.trimEnd() };
      });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
