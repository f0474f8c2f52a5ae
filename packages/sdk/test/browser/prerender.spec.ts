import { expect, test } from "@playwright/test";
import type { Browser, Page } from "puppeteer-core";
import { type Site, serveSite } from "../delivery/site.ts";
import { launch } from "../delivery/tabs.ts";

/** Pages that the browser makes ahead, in case that somebody goes there. Needs the whole browser. */
test.describe.configure({ mode: "serial", timeout: 120_000 });

let site: Site;
let browser: Browser;
test.beforeAll(async () => {
  site = await serveSite();
  browser = await launch();
});
test.afterAll(async () => {
  await browser?.close();
  await site?.close();
});

const events = (key: string) => (site.stored.get(key) ?? []).map(({ type, event }) => event ?? type);
const count = (key: string, event: string) => events(key).filter((one) => one === event).length;
const url = (key: string) => `${site.url}/?key=${key}&tell`;

/** A page of the product that has another prerendered, once that has stood there for two seconds. */
async function prerender(key: string): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(`${site.url}/?wait`);
  await page.evaluate((next) => {
    localStorage.clear();
    const rules = document.createElement("script");
    rules.type = "speculationrules";
    rules.textContent = JSON.stringify({ prerender: [{ urls: [next], eagerness: "immediate" }] });
    document.head.append(rules);
  }, url(key));
  await page.waitForFunction(() => localStorage.getItem("told later") !== null);
  const told = await page.evaluate(() => [
    localStorage.getItem("told at boot"),
    localStorage.getItem("told later"),
  ]);
  expect(told).toEqual(["true", "true"]);
  return page;
}

test("a page that is prerendered asks for nothing and shows nothing; once it is seen, all of it happens once", async () => {
  const key = "pk_seen";
  const page = await prerender(key);
  expect([site.requests, events(key)]).toEqual([[], []]);
  const since = Date.now();
  // Its target is another from then on, so whoever asks in that moment, or later, may get no answer.
  await page.evaluate((next) => location.assign(next), url(key)).catch(() => {});
  await expect.poll(() => count(key, "cairn.flow.shown")).toBe(1);
  await expect.poll(() => count(key, "cairn.step.shown")).toBe(1);
  expect([count(key, "page"), count(key, "cairn.flow.decided")]).toEqual([1, 1]);
  expect(site.requests.filter(({ route }) => route === "config")).toHaveLength(1);
  // Nothing happened before somebody was there.
  for (const { timestamp } of site.stored.get(key) ?? [])
    expect(Date.parse(timestamp ?? "")).toBeGreaterThanOrEqual(since);
  // The tool may have lost the page when it took another's place, so the page has left word for another one.
  const witness = await browser.newPage();
  await witness.goto(`${site.url}/?wait`);
  const word = () => witness.evaluate(() => localStorage.getItem("told once seen"));
  const seen = { prerendering: false, wasMadeAhead: true, hasCard: true, mishaps: [] };
  await expect.poll(async () => JSON.parse((await word()) ?? "null")).toEqual(seen);
  await witness.close();
  await page.close().catch(() => {});
});

test("a page that is prerendered and never seen leaves nothing for the next to send", async () => {
  const key = "pk_never";
  const page = await prerender(key);
  await page.goto(`${site.url}/?wait&elsewhere`);
  await page.goto(`${site.url}/?key=${key}`);
  await expect.poll(() => count(key, "cairn.flow.shown")).toBe(1);
  expect(count(key, "page")).toBe(1);
  await page.close();
});

declare global {
  interface Document {
    readonly prerendering: boolean;
  }
}
