// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from "vitest";
import type { Cairn } from "../../src/api.ts";
import { createClient } from "../../src/client.ts";
import { createFakeClock, type FakeClock, settle } from "../../src/testing.ts";
import { fakeBrowser } from "../fake-browser.ts";
import { tried } from "../guards/tried.ts";
import { type Decision, readFaultTable } from "./fault-table.ts";
import { onceConfig } from "./site-config.ts";

/**
 * Every fault × {config, events, state} × {boot, running, unload, unload after the fault}: the whole SDK over a clock that the test owns, and a
 * server that answers as the row says. Each cell must come out as the table of docs/delivery.md says. What is a fault of the
 * network itself is done once more by test/browser/faults.spec.ts, with a real server and a real browser.
 */
const table = readFaultTable();
const MOMENTS = ["boot", "running", "unload"] as const;
/** How long the fault lasts, and what `Retry-After` asks for. Milliseconds. */
const FAULT_MS = 30_000;
const LATER_MS = 60_000;

const html = "<!doctype html><title>Sign in to the hotel's network</title>";
/** The answer to one request; rejects where there is none. */
function misbehave(fault: string, clock: FakeClock, init: RequestInit | undefined): Promise<Response> {
  const answer = (status: number, headers: HeadersInit = {}) =>
    Promise.resolve(new Response('{"error":{"code":"x"}}', { status, headers }));
  if (fault === "dns" || fault === "refused") return Promise.reject(new TypeError("Failed to fetch"));
  if (fault === "hang")
    return new Promise((_, reject) =>
      init?.signal?.addEventListener("abort", () => reject(new DOMException("timeout", "AbortError"))),
    );
  if (fault === "reset mid-body") {
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(new TextEncoder().encode('{"accepted"'));
        controller.error(new TypeError("network error"));
      },
    });
    return Promise.resolve(new Response(body));
  }
  if (fault === "truncated JSON") return Promise.resolve(new Response('{"accepted":1,"schemaVersion":1,"fl'));
  if (fault === "200 with html" || fault === "redirect") return Promise.resolve(new Response(html));
  if (fault === "429 seconds") return answer(429, { "Retry-After": String(LATER_MS / 1_000) });
  if (fault === "429 date")
    return answer(429, { "Retry-After": new Date(clock.now() + LATER_MS).toUTCString() });
  return answer(Number(fault));
}

const token = (sub: string, now: number) => {
  const part = (value: object) => btoa(JSON.stringify(value)).replace(/=+$/, "");
  return `${part({ alg: "HS256" })}.${part({ sub, exp: now / 1_000 + 3_600 })}.x`;
};

interface Asked {
  readonly route: "config" | "batch" | "state";
  readonly method: string;
  readonly at: number;
  readonly isBad: boolean;
}

const open: Cairn[] = [];
const hostErrors: unknown[] = [];
const hear = (event: Event) => hostErrors.push(event);
window.addEventListener("error", hear);
window.addEventListener("unhandledrejection", hear);
process.on("unhandledRejection", (error) => hostErrors.push(error));
afterEach(() => {
  for (const cairn of open.splice(0)) cairn.destroy();
});

function page(fault: string, values: Map<string, unknown>, seed: number, start?: number, isBad = false) {
  const clock = createFakeClock(start);
  const asked: Asked[] = [];
  const fake = fakeBrowser({
    config: onceConfig("pk_test"),
    clock,
    values,
    seed,
    answer(url, init) {
      const route = (/\/v1\/(\w+)/.exec(url)?.[1] ?? "") as Asked["route"];
      asked.push({ route, method: init?.method ?? "GET", at: clock.now(), isBad });
      if (isBad) return misbehave(fault, clock, init);
      return route === "state" ? new Response('{"state":null,"facts":null}') : undefined;
    },
  });
  const cairn = createClient({ key: "pk_test", host: "https://cairn.test", debug: true }, fake.platform);
  open.push(cairn);
  return {
    ...fake,
    cairn,
    asked,
    bad(now: boolean) {
      isBad = now;
    },
    count: (event: string) => fake.stored.filter((message) => message.event === event).length,
    puts: (from: number) =>
      asked.filter(({ route, method, at }) => route === "state" && method === "PUT" && at >= from),
    batches: (from: number) => asked.filter(({ route, at }) => route === "batch" && at >= from),
  };
}
type Page = ReturnType<typeof page>;

const report = (cairn: Cairn) => cairn.explain();
const dropped = async (one: Page) => (await report(one.cairn)).droppedEvents;
let cells = 0;

describe.each(table)("where the server's answer is $fault", ({ fault, config, events, state }) => {
  it.each(MOMENTS.slice(0, 2))("at %s, all three come out as the table says", async (moment) => {
    const values = new Map<string, unknown>();
    const one = page(fault, values, 3, undefined, moment === "boot");
    const start = one.clock.now();
    one.cairn.identify("u1", {}, { token: token("u1", start) });
    if (moment === "running") {
      await one.clock.advance(20_000);
      one.bad(true);
    }
    const since = one.clock.now();
    one.cairn.track("cell");
    one.cairn.track("cell.2");
    await one.clock.advance(FAULT_MS);
    // Nobody hears of it.
    expect(one.warnings).toEqual([]);
    const during = await report(one.cairn);
    expect([during.config, ...during.errors]).toEqual([moment === "running"]);
    const [first] = one.batches(since);
    expect(first?.isBad).toBe(true);
    const firstState = one.asked.find(({ route, at }) => route === "state" && at >= since);
    expect(firstState?.isBad).toBe(true);

    one.bad(false);
    const healed = one.clock.now();
    one.cairn.track("after");
    await one.clock.advance(20 * 60_000);
    await settle(2_000);
    const after = await report(one.cairn);

    // Config: nothing was lost, and it comes with the next occasion.
    expect([config, after.config, after.flows.length]).toEqual(["keep", true, 1]);
    cells++;

    // Events.
    const again = one.batches(since).slice(1);
    const next = page(fault, values, 4, one.clock.now() + 1_000);
    if (events === "again" || events === "later") {
      expect([one.count("cell"), one.count("cell.2"), await dropped(one)]).toEqual([1, 1, 0]);
      if (events === "later") expect((again[0]?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(LATER_MS);
    } else if (events === "stop") {
      expect([one.count("cell"), one.batches(healed).length, await dropped(one)]).toEqual([0, 0, 0]);
      await next.clock.advance(20_000);
      expect([next.count("cell"), next.count("cell.2"), next.count("after")]).toEqual([1, 1, 1]);
    } else {
      expect([one.count("cell"), one.count("cell.2"), one.count("after")]).toEqual([0, 0, 1]);
      expect(await dropped(one)).toBeGreaterThanOrEqual(2);
      expect(
        one.stored.filter(({ event, properties }) => event === "cairn.error" && properties?.count),
      ).not.toEqual([]);
      const requests = one.batches(since).filter(({ isBad }) => isBad).length;
      if (events === "halve") expect(requests).toBeGreaterThan(2);
      else expect(requests).toBeLessThanOrEqual(2);
    }
    cells++;

    // State.
    const puts = one.puts(healed);
    if (state === "stop") expect(puts).toEqual([]);
    else expect(puts.length).toBeGreaterThan(0);
    if (state === "later") {
      const next = one.asked.find(
        (request) => request.route === "state" && request.at > (firstState?.at ?? 0),
      );
      expect((next?.at ?? 0) - (firstState?.at ?? 0)).toBeGreaterThanOrEqual(LATER_MS);
    }
    cells++;
    expect(hostErrors).toEqual([]);
  });

  it("at unload, nothing is asked for and nothing is lost", async () => {
    const values = new Map<string, unknown>();
    const one = page(fault, values, 5);
    one.cairn.identify("u1", {}, { token: token("u1", one.clock.now()) });
    await one.clock.advance(20_000);
    one.bad(true);
    const since = one.clock.now();
    one.cairn.track("cell");
    window.dispatchEvent(new Event("pagehide"));
    await settle(1_000);
    // Config: a page that goes asks for nothing.
    expect(one.asked.filter(({ route, at }) => route === "config" && at >= since)).toEqual([]);
    cells++;
    // Events: one copy, which deletes nothing; the next page sends.
    const copies = one.requests.filter(({ url, init }) => url.includes("/v1/batch") && init?.keepalive);
    expect(copies).toHaveLength(1);
    expect(String(copies[0]?.init?.body).length).toBeLessThan(60_000);
    const next = page(fault, values, 6, one.clock.now() + 1_000);
    next.cairn.identify("u1", {}, { token: token("u1", next.clock.now()) });
    await next.clock.advance(state === "later" ? 5 * 60_000 : 30_000);
    expect([one.count("cell"), next.count("cell")]).toEqual([0, 1]);
    cells++;
    // State: the next page tells what this one could not.
    const put = next.requests.filter(({ url, init }) => url.includes("/v1/state") && init?.method === "PUT");
    expect(put.some(({ init }) => String(init?.body).includes("cell"))).toBe(true);
    cells++;
    expect([...one.warnings, ...next.warnings, ...hostErrors]).toEqual([]);
  });

  it("at unload after the fault, what the server has said holds", async () => {
    const values = new Map<string, unknown>();
    const one = page(fault, values, 7);
    one.cairn.identify("u1", {}, { token: token("u1", one.clock.now()) });
    await one.clock.advance(20_000);
    one.bad(true);
    const since = one.clock.now();
    one.cairn.track("cell");
    await one.clock.advance(FAULT_MS);
    expect([one.batches(since)[0]?.isBad, one.puts(since)[0]?.isBad]).toEqual([true, true]);
    const before = one.asked.length;
    one.cairn.track("gone");
    window.dispatchEvent(new Event("pagehide"));
    await settle(1_000);
    const last = one.asked.slice(before);
    const count = (route: Asked["route"]) => last.filter((request) => request.route === route).length;
    const isSilent = (decision: Decision) => decision === "stop" || decision === "later";
    expect(count("config")).toBe(0);
    cells++;
    // A server that has answered wrongly is left alone until the pause is over; nobody knows of a network that failed.
    const answered = !["dns", "refused", "hang"].includes(fault);
    if (events === "again" && answered) expect(count("batch")).toBeLessThanOrEqual(1);
    else expect(count("batch")).toBe(isSilent(events) ? 0 : 1);
    cells++;
    expect(count("state")).toBe(isSilent(state) ? 0 : 1);
    cells++;
    // Nothing is lost by it: the next page tells, in its time.
    const next = page(fault, values, 8, one.clock.now() + 1_000);
    const start = next.clock.now();
    next.cairn.identify("u1", {}, { token: token("u1", start) });
    await next.clock.advance(5 * 60_000);
    expect(next.count("gone")).toBe(1);
    expect(next.puts(start).length).toBeGreaterThan(0);
    if (state === "later")
      for (const { route, at } of next.asked)
        if (route === "state") expect(at - since).toBeGreaterThanOrEqual(LATER_MS);
    expect([...one.warnings, ...next.warnings, ...hostErrors]).toEqual([]);
  });
});

it("has tried 204 cells", () => {
  expect(table).toHaveLength(17);
  expect(cells).toBe(204);
  tried(cells);
});
