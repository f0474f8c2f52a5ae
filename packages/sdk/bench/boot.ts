import { readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import puppeteer, { type Browser } from "puppeteer-core";
import { chromium } from "../../../scripts/chromium.ts";

/**
 * What starting up, and a first hint, cost the host's main thread, from a trace of the real browser: the built script on
 * a page that does nothing else, as fast as the machine is and four times slower. What counts is all that runs our
 * scripts, with what follows a promise, and what these calls make the browser do.
 */
const ROUNDS = Number(process.env.ROUNDS ?? 7);
const RATES = [1, 4];
/** The bars, in milliseconds: all of the boot at full speed, and any one task at `RATES[1]`. */
const BOOT_MS = 50;
const TASK_MS = 50;

const examples = join(import.meta.dirname, "../../../examples");
const scripts = join(import.meta.dirname, "../dist/script");
const readAll = (folder: string) =>
  readdirSync(join(examples, folder)).map((name) =>
    JSON.parse(readFileSync(join(examples, folder, name), "utf8")),
  );

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args: {
    readonly data?: { readonly url?: string; readonly fileName?: string; readonly functionName?: string };
    readonly chrome_mojo_event_info?: { readonly mojo_interface_tag?: string };
    readonly name?: string;
  };
}

const hello = {
  schemaVersion: 1,
  id: "hello",
  kind: "tooltip",
  priority: 100,
  trigger: { event: "show.hint" },
  steps: [
    { id: "one", target: { anchor: "export" }, title: "Export what you see", body: "As **PDF** or a sheet." },
  ],
};

async function serve() {
  const config = JSON.stringify({
    schemaVersion: 1,
    environment: "bench",
    flows: [...readAll("flows"), hello],
    features: readAll("features"),
    segments: readAll("segments"),
    settings: { budget: null, identity: { settle: "0s" }, guard: { typing: false } },
  });
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://bench");
    const end = (type: string, text: string) =>
      response.writeHead(200, { "Content-Type": type, "Access-Control-Allow-Origin": "*" }).end(text);
    if (pathname === "/v1/config") end("application/json", config);
    else if (pathname === "/v1/batch") end("application/json", '{"accepted":1,"duplicate":0,"rejected":[]}');
    else if (pathname.startsWith("/v1/"))
      end("text/javascript", readFileSync(join(scripts, pathname.slice(4)), "utf8"));
    else
      end(
        "text/html",
        `<!doctype html><html lang="en"><meta charset="utf-8"><title>Host</title><h1>Report</h1>
<button data-cairn="export">Export</button><button id="show" onclick="cairn.track('show.hint')">Show</button>${"<p>Some text of the host's.</p>".repeat(200)}
<script async src="/v1/cairn.js" data-key="pk_bench"></script>`,
      );
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => server.close() };
}

/** What a trace calls the running of scripts, together with the promises that follow. */
const WORK = new Set([
  "EvaluateScript",
  "v8.callFunction",
  "v8.compile",
  "v8.compileModule",
  "v8.evaluateModule",
  "v8.produceCache",
  "BlinkScheduler_PerformMicrotaskCheckpoint",
]);

interface Cost {
  /** Milliseconds of processor that our work took in all. */
  readonly sum: number;
  /** The longest task's share of it. */
  readonly longest: number;
  /** What that did. */
  readonly what: string;
}

const took = ({ tdur, dur = 0 }: TraceEvent) => (tdur ?? dur) / 1_000;
const fileOf = ({ args: { data } }: TraceEvent) => data?.url ?? data?.fileName ?? "";
const within = (all: readonly TraceEvent[], { ts, dur = 0 }: TraceEvent) =>
  all.filter((one) => one.ts >= ts && one.ts < ts + dur);

/**
 * Our work, by the thread's own time where the trace has it: other programs on the machine do not count. The host has no
 * script but one call of ours: whatever runs is ours, unless it is what the tool says, or its own function.
 */
function costOf(events: readonly TraceEvent[]): Cost {
  const main = events.find((one) => one.name === "thread_name" && one.args.name === "CrRendererMain");
  const here = events.filter(
    (one) => one.dur !== undefined && (main === undefined || (one.tid === main.tid && one.pid === main.pid)),
  );
  const isSaid = ({ args }: TraceEvent) =>
    args.chrome_mojo_event_info?.mojo_interface_tag === "blink.mojom.DevToolsSession";
  /** A trace names the tool's functions by the tool, and what it evaluates by nothing. */
  const isTools = (work: TraceEvent) => {
    const scripts = within(here, work).filter(({ name }) => /^(FunctionCall|EvaluateScript)$/.test(name));
    return scripts.length > 0 && scripts.every((one) => !fileOf(one).startsWith("http"));
  };
  let sum = 0;
  let longest = 0;
  let what = "";
  for (const task of here.filter(({ name }) => name === "RunTask")) {
    const inside = within(here, task);
    if (inside.some(isSaid)) continue;
    let until = 0;
    // What runs within another of ours is in it.
    const outer = inside
      .filter(({ name }) => WORK.has(name))
      .sort((one, other) => one.ts - other.ts || (other.dur ?? 0) - (one.dur ?? 0))
      .filter((one) => {
        const isOuter = one.ts >= until;
        if (isOuter) until = one.ts + (one.dur ?? 0);
        return isOuter && !isTools(one);
      });
    const ms = outer.reduce((all, one) => all + took(one), 0);
    sum += ms;
    if (ms <= longest) continue;
    longest = ms;
    what = outer
      .sort((one, other) => took(other) - took(one))
      .slice(0, 3)
      .map((one) => {
        const call = within(here, one).find((inner) => inner.name === "FunctionCall");
        const file = fileOf(call ?? one)
          .split("/")
          .at(-1);
        return `${one.name} ${file} ${call?.args.data?.functionName ?? ""} ${took(one).toFixed(1)}`;
      })
      .join(", ");
  }
  return { sum, longest, what };
}

async function measure(browser: Browser, url: string, rate: number) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const cdp = await page.createCDPSession();
  await cdp.send("Emulation.setCPUThrottlingRate", { rate });
  const traced = async (act: () => Promise<unknown>): Promise<Cost> => {
    await page.tracing.start({
      categories: [
        "toplevel",
        "devtools.timeline",
        "disabled-by-default-devtools.timeline",
        "v8",
        "__metadata",
      ],
    });
    await act();
    const text = new TextDecoder().decode(await page.tracing.stop());
    const { traceEvents } = JSON.parse(text) as { traceEvents: TraceEvent[] };
    // Of all renderers the one in which our files ran.
    const where = traceEvents.find((one) =>
      /\/v1\/cairn\.js|\/v1\/boot-|\/v1\/hint-/.test(one.args.data?.url ?? ""),
    );
    return costOf(traceEvents.filter(({ pid }) => pid === where?.pid));
  };
  const idle = () => new Promise((done) => setTimeout(done, 1_500 * Math.sqrt(rate)));
  const boot = await traced(async () => {
    await page.goto(url);
    await page.waitForFunction(() => "decisions" in (window as unknown as { cairn: object }).cairn);
    await idle();
  });
  const hint = await traced(async () => {
    await page.click("#show");
    await page.waitForFunction(
      () => !!document.querySelector("cairn-root")?.shadowRoot?.querySelector(".card"),
    );
    await idle();
  });
  await context.close();
  return { boot, hint };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;
const site = await serve();
const browser = await puppeteer.launch({ executablePath: chromium.executablePath, args: [...chromium.args] });
let isMissed = false;
try {
  for (const rate of RATES) {
    const rounds: Awaited<ReturnType<typeof measure>>[] = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await measure(browser, site.url, rate));
    for (const part of ["boot", "hint"] as const) {
      const costs = rounds.map((one) => one[part]);
      const sum = median(costs.map((one) => one.sum));
      const longest = median(costs.map((one) => one.longest));
      const most = costs.find((one) => one.longest === longest)?.what;
      const range = `${Math.min(...costs.map((one) => one.longest)).toFixed(1)}–${Math.max(...costs.map((one) => one.longest)).toFixed(1)}`;
      console.log(
        `${rate}× slower, ${part}: ${sum.toFixed(1)} ms in all, longest task ${longest.toFixed(1)} ms (${range}; ${most?.trim()})`,
      );
      if (rate > 1 ? longest > TASK_MS : part === "boot" && sum > BOOT_MS) isMissed = true;
    }
  }
} finally {
  await browser.close();
  site.close();
}
console.log(
  `${ROUNDS} rounds, ${process.version}; bar: boot ${BOOT_MS} ms at 1×, no task over ${TASK_MS} ms at 4×: ${isMissed ? "missed" : "met"}`,
);
process.exitCode = isMissed ? 1 : 0;
