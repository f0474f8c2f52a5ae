/**
 * Asks Chromium's own URLPattern and writes its answers to test/tables/pages.json. Run it when the generator changes:
 * CHROMIUM=/usr/bin/chromium node --conditions=cairn-source --import tsx packages/engine/test/oracle/record-pages.ts
 */
import { writeFileSync } from "node:fs";
import { chromium } from "@playwright/test";
import { pageCases } from "./page-patterns.ts";

const { patterns, urls } = pageCases(700, 90);
const executablePath = process.env.CHROMIUM;
const browser = await chromium.launch({
  ...(executablePath && { executablePath }),
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
  ],
});
const page = await browser.newPage();
const answers = await page.evaluate(
  ([asked, at]) => {
    type Pattern = { test(url: string): boolean };
    const { URLPattern } = globalThis as unknown as { URLPattern: new (of: unknown) => Pattern };
    return asked.map(({ parts }) => {
      let pattern: Pattern;
      try {
        // In parts, so that what is not written matches anything, also before a part that is.
        pattern = new URLPattern(parts);
      } catch {
        return null;
      }
      return at.map((url) => (pattern.test(url) ? "1" : "0")).join("");
    });
  },
  [patterns, urls] as const,
);
const rows = patterns.flatMap(({ text }, i) => (answers[i] ? [[text, answers[i]]] : []));
const lines = (list: readonly unknown[]) => list.map((one) => `    ${JSON.stringify(one)}`).join(",\n");
writeFileSync(
  new URL("../tables/pages.json", import.meta.url),
  `{\n  "browser": "Chromium ${browser.version()}",\n  "urls": [\n${lines(urls)}\n  ],\n  "answers": [\n${lines(rows)}\n  ]\n}\n`,
);
console.log(`${rows.length} patterns × ${urls.length} addresses; ${patterns.length - rows.length} are none`);
await browser.close();
