// The rows of test/robustness in Firefox: `node --conditions=cairn-source --import tsx test/firefox/run.ts [words]`.
// Writes its counts where PLAYWRIGHT_JSON_OUTPUT_FILE says, as Playwright does.
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Browser, type KeyInput, launch, type Page } from "puppeteer-core";
import type { Driver } from "../robustness/driver.ts";
import { countRows, rows } from "../robustness/rows.ts";
// @ts-expect-error: a plain script
import { serveSite } from "../robustness/site.mjs";
import { findFirefox } from "./browser.ts";

/** Longer than any row takes on a slow machine. */
const LIMIT_MS = 90_000;
/** So many browsers at once: of two pages in one, one would be in the background, where no hint opens. */
const BROWSERS = 2;

function drive(page: Page, url: string): Driver {
  return {
    browser: "firefox",
    async open(path = "/") {
      await page.goto(url + path, { waitUntil: "load" });
    },
    run: (fn, arg) => page.evaluate(fn as never, arg as never) as never,
    async press(key) {
      const keys = key.split("+") as KeyInput[];
      const last = keys.pop() as KeyInput;
      for (const held of keys) await page.keyboard.down(held);
      await page.keyboard.press(last);
      for (const held of keys.reverse()) await page.keyboard.up(held);
    },
    type: (text) => page.keyboard.type(text),
    click: ({ x, y }) => page.mouse.click(x, y),
    wheel: (by) => page.mouse.wheel({ deltaY: by }),
    resize: (width, height) => page.setViewport({ width, height }),
  };
}

async function runRow(
  browser: Browser,
  url: string,
  row: (typeof rows)[number],
): Promise<string | undefined> {
  const context = await browser.createBrowserContext();
  let timer: NodeJS.Timeout | undefined;
  try {
    const page = await context.newPage();
    const errors: string[] = [];
    // Breaches of the policy are counted by the page itself.
    page.on("pageerror", (error) => {
      if (!`${error}`.includes("Content-Security-Policy")) errors.push(`${error}`);
    });
    await page.setViewport({ width: 1000, height: 640 });
    const driver = drive(page, url);
    await driver.open();
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`took more than ${LIMIT_MS} ms`)), LIMIT_MS);
    });
    await Promise.race([row.test(driver), late]);
    const broken = [...(await driver.run(() => window.site.violations)), ...errors];
    return broken.length > 0 ? broken.join("\n") : undefined;
  } catch (error) {
    return error instanceof Error ? error.message : `${error}`;
  } finally {
    clearTimeout(timer);
    await context.close().catch(() => {});
  }
}

const words = process.argv.slice(2);
const wanted = rows.filter(({ id, fact }) => words.every((word) => `${id} ${fact}`.includes(word)));
const failures: string[] = [];
let passed = 0;
const began = performance.now();
try {
  const { promises } = countRows();
  const site: { url: string; close(): void } = await serveSite();
  const executablePath = findFirefox(process.env);
  const queue = [...wanted];
  const work = async () => {
    const browser = await launch({ browser: "firefox", executablePath, headless: true });
    try {
      for (let row = queue.shift(); row; row = queue.shift()) {
        const failure = await runRow(browser, site.url, row);
        if (failure === undefined) passed++;
        else failures.push(`${row.id}: ${row.fact}\n  ${failure}`);
        if (failure !== undefined) console.log(`FAILED ${failures.at(-1)}`);
      }
      return await browser.version();
    } finally {
      await browser.close();
    }
  };
  const [version] = await Promise.all(Array.from({ length: Math.min(BROWSERS, wanted.length) }, work));
  console.log(`${version}: ${wanted.length} rows for ${promises} promises`);
  site.close();
} catch (error) {
  failures.push(`${error instanceof Error ? error.message : error}`);
  console.log(failures.at(-1));
}
console.log(
  `firefox: ${passed} passed, ${failures.length} failed (${((performance.now() - began) / 1000).toFixed(1)} s)`,
);
const file = process.env.PLAYWRIGHT_JSON_OUTPUT_FILE;
if (file) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify({ stats: { expected: passed, unexpected: failures.length }, failures }));
}
process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;
