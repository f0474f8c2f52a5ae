import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { brotliCompressSync } from "node:zlib";
import { type Browser, type CDPSession, chromium, type Page } from "@playwright/test";
import { build } from "esbuild";
import { chromium as launch } from "../../../scripts/chromium.ts";
import { type Contestant, contestants } from "./contestants.ts";

/**
 * Hints side by side: each library on a page of its own, in turn, several rounds over, beside the least that a hint can be.
 * Writes the table that docs/speed.md shows.
 */
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const STORM_MS = 2_000;
/** In this time each library comes to rest. */
const QUIET_MS = 1_200;

const here = fileURLToPath(new URL(".", import.meta.url));

interface Built {
  readonly contestant: Contestant;
  readonly files: ReadonlyMap<string, string>;
  readonly css: string;
  /** Files that its page asked for. */
  readonly loaded: Set<string>;
}

async function bundle(contestant: Contestant): Promise<Built> {
  const { outputFiles } = await build({
    stdin: { contents: contestant.source, resolveDir: here },
    entryNames: "entry",
    outdir: "/",
    write: false,
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    logLevel: "error",
  });
  const shipped = contestant.built ? readdirSync(`${here}../${contestant.built}`) : [];
  const css = contestant.css ? readFileSync(`${here}../node_modules/${contestant.css}`, "utf8") : "";
  return {
    contestant,
    files: new Map([
      ...outputFiles.map(({ path, text }) => [path, text] as const),
      ...shipped.map(
        (name) => [`/${name}`, readFileSync(`${here}../${contestant.built}/${name}`, "utf8")] as const,
      ),
    ]),
    css,
    loaded: new Set(),
  };
}

const page3000 = (
  css: string,
) => `<!doctype html><html lang="en"><head><meta charset="utf-8"><style>${css}</style></head><body>
<h1>Report</h1><div style="height:120px"></div><p><button id="target" style="margin-left:200px">Export</button></p>
<table>${`<tr>${"<td><span>12.50</span></td>".repeat(14)}</tr>`.repeat(100)}</table></body></html>`;

/** Serves each library's files under its name, from memory, and notes what a page loads of them; and is a server for Cairn. */
async function serve(all: readonly Built[]): Promise<{ readonly origin: string; close(): void }> {
  const config = JSON.stringify(all.find((one) => one.contestant.config)?.contestant.config);
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "", "http://bench");
    const answer = (type: string, text: string) =>
      void response.writeHead(200, { "content-type": type }).end(text);
    if (pathname === "/v1/config") return answer("application/json", config);
    // The answer to events; what it says of each is of no matter here.
    if (pathname === "/v1/batch")
      return void request.resume().on("end", () => answer("application/json", "{}"));
    const [, name, file = ""] = pathname.split("/");
    const built = all.find(({ contestant }) => contestant.name === name);
    const code = built?.files.get(`/${file}`);
    if (!built || (file !== "" && code === undefined)) return void response.writeHead(404).end();
    if (code !== undefined) built.loaded.add(file);
    if (code === undefined) answer("text/html", page3000(built.css));
    else answer("text/javascript", code);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => server.close(),
  };
}

/** All that a page loads until its first hint stands, compressed; bytes. */
function bytesOf({ css, files, loaded }: Built): number {
  const weight = (text: string) => (text === "" ? 0 : brotliCompressSync(text).length);
  return [...loaded].reduce((sum, file) => sum + weight(files.get(`/${file}`) ?? ""), weight(css));
}

/** One library's figures in one round; milliseconds, and milliseconds of the main thread's work. */
interface Figures {
  evaluate: number;
  blocks: number;
  painted: number;
  cpu: number;
  idle: number;
  storm: number;
}

async function work(session: CDPSession): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1000;
}

/** Opens the page and evaluates the library there. */
async function open(
  browser: Browser,
  origin: string,
  built: Built,
): Promise<{ page: Page; session: CDPSession; evaluate: number }> {
  const page = await browser.newPage({ viewport: { width: 1000, height: 640 } });
  // The loader of this script names functions by a helper of its own, also those that run in the page.
  await page.addInitScript("globalThis.__name = (fn) => fn");
  await page.goto(`${origin}/${built.contestant.name}/`);
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable");
  const before = await work(session);
  await page.evaluate(() => import(new URL("entry.js", location.href).href));
  // What a library does right after it was evaluated, until it has come to rest, is part of it.
  await page.waitForTimeout(QUIET_MS);
  return { page, session, evaluate: (await work(session)) - before };
}

async function measure(browser: Browser, origin: string, built: Built): Promise<Figures> {
  const { page, session, evaluate } = await open(browser, origin, built);
  const before = await work(session);
  const { blocks, painted } = await page.evaluate(async (selector) => {
    const { start } = window as unknown as { start(): void };
    const begin = performance.now();
    // Tasks that the call leaves behind block the page as much as the call itself: the longest counts.
    let longest = 0;
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
    });
    observer.observe({ type: "longtask" });
    start();
    const call = performance.now() - begin;
    const isThere = () => {
      const found = document.querySelector(selector);
      const card =
        found?.shadowRoot?.querySelector("[data-run]:not([data-away])") ?? (found?.shadowRoot ? null : found);
      return card !== null && card !== undefined && card.getBoundingClientRect().width > 0;
    };
    const frame = () => new Promise((done) => requestAnimationFrame(done));
    while (!isThere()) await frame();
    await frame();
    const end = performance.now() - begin;
    observer.disconnect();
    return { blocks: Math.max(call, longest), painted: end };
  }, built.contestant.hint);
  await page.waitForTimeout(Math.max(0, 800 - painted));
  const cpu = (await work(session)) - before;
  // A hint counts as seen after a second, and what follows from that is not idling.
  await page.waitForTimeout(QUIET_MS);
  const idle = await restCost(page, session);
  const storm = await stormCost(page, session);
  await page.close();
  return { evaluate, blocks, painted, cpu, idle, storm };
}

/** Main-thread milliseconds a second at rest: of the usual half second, not of the one in which events are sent. */
async function restCost(page: Page, session: CDPSession): Promise<number> {
  const slices: number[] = [];
  for (let slice = 0; slice < 8; slice++) {
    const before = await work(session);
    await page.waitForTimeout(500);
    slices.push((await work(session)) - before);
  }
  return median(slices) * 2;
}

/** Main-thread milliseconds a second while 2,000 nodes a second change and the target moves. */
async function stormCost(page: Page, session: CDPSession): Promise<number> {
  const before = await work(session);
  await page.evaluate(
    (ms) =>
      new Promise<void>((done) => {
        const cells = [...document.querySelectorAll("td span")];
        const target = document.querySelector<HTMLElement>("#target");
        let n = 0;
        const timer = setInterval(() => {
          for (let i = 0; i < 20; i++) {
            const cell = cells[n++ % cells.length];
            if (cell) cell.textContent = String(n);
          }
          if (target && n % 200 === 0) target.style.marginLeft = `${200 + (n % 100)}px`;
        }, 10);
        setTimeout(() => {
          clearInterval(timer);
          done();
        }, ms);
      }),
    STORM_MS,
  );
  return ((await work(session)) - before) / (STORM_MS / 1000);
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

async function run(): Promise<void> {
  const all = await Promise.all(contestants.map(bundle));
  const { origin, close } = await serve(all);
  const browser = await chromium.launch(launch);
  const rounds = new Map<string, Figures[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++)
    for (const built of all) {
      const figures = await measure(browser, origin, built);
      // The first round warms up.
      if (round > 0) rounds.get(built.contestant.name)?.push(figures);
    }
  await browser.close();
  close();
  const of = (name: string, key: keyof Figures) => median((rounds.get(name) ?? []).map((one) => one[key]));
  const base = (key: keyof Figures) => of("floor", key);
  const cell = (name: string, key: keyof Figures) => {
    const value = of(name, key);
    return name === "floor" ? value.toFixed(1) : `${value.toFixed(1)} (${(value / base(key)).toFixed(1)}×)`;
  };
  const rows = all.map((built) => {
    const { name } = built.contestant;
    return [
      name,
      `${(bytesOf(built) / 1000).toFixed(1)} kB`,
      cell(name, "evaluate"),
      cell(name, "blocks"),
      cell(name, "painted"),
      cell(name, "cpu"),
      of(name, "idle").toFixed(1),
      (of(name, "storm") - base("storm")).toFixed(1),
    ].join(" | ");
  });
  const table = [
    `Medians of ${ROUNDS} rounds in turn, Chromium ${browser.version()}; milliseconds, in brackets how many times the floor's.`,
    "",
    "| | loaded until the first hint stands | evaluate | start blocks | painted after | work until +0.8 s | idle, a second | storm, a second, more than the floor |",
    "|---|---|---|---|---|---|---|---|",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
  console.log(table);
  if (process.argv.includes("--write")) {
    const file = `${here}../../../docs/speed.md`;
    const text = readFileSync(file, "utf8");
    writeFileSync(
      file,
      text.replace(/(<!-- bench -->\n)[\s\S]*(\n<!-- \/bench -->)/, (_, a, b) => a + table + b),
    );
  }
}

await run();
