import puppeteer, { type Browser, type BrowserContext, type CDPSession, type Page } from "puppeteer-core";
import { chromium } from "../../../../scripts/chromium.ts";
import type { Site } from "./site.ts";
import { trace } from "./trace.ts";

/** A tab as a person has it: it may be in front or behind, closed, frozen by the browser, or crashed. */
export interface Tab {
  readonly page: Page;
  readonly cdp: CDPSession;
  state: "alive" | "frozen" | "crashed";
}

/** What tabs did, in the order in which it became known. */
export interface TabLog {
  tabs: number;
  readonly lines: string[];
}

/** Playwright keeps every page visible and awake; in this browser tabs behind others are hidden, and can be frozen. */
export const launch = (args: readonly string[] = []): Promise<Browser> =>
  puppeteer.launch({
    executablePath: chromium.executablePath,
    args: [...chromium.args, ...args],
    protocolTimeout: 60_000,
  });

/** `log` takes what the tab does, line by line. */
export async function openTab(context: BrowserContext, url: string, log?: TabLog): Promise<Tab> {
  const page = await context.newPage();
  if (log) await trace(page, `tab ${++log.tabs}`, log.lines);
  const cdp = await page.createCDPSession();
  await page.goto(url, { waitUntil: "domcontentloaded" });
  return { page, cdp, state: "alive" };
}

/** Only a tab that nobody sees can be frozen; resolves to whether it was. */
export async function freeze(tab: Tab): Promise<boolean> {
  if (await tab.page.evaluate(() => document.visibilityState !== "hidden")) return false;
  await tab.cdp.send("Page.setWebLifecycleState", { state: "frozen" });
  tab.state = "frozen";
  return true;
}
export async function thaw(tab: Tab): Promise<void> {
  await tab.cdp.send("Page.setWebLifecycleState", { state: "active" });
  tab.state = "alive";
}
export async function crash(tab: Tab): Promise<void> {
  tab.state = "crashed";
  const gone = new Promise<void>((resolve) => tab.page.once("error", () => resolve()));
  tab.cdp.send("Page.crash").catch(() => {});
  await Promise.race([gone, pause(2_000)]);
}
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** How many tabs that are awake have a hint on screen. */
export async function cardsIn(tabs: readonly Tab[]): Promise<number> {
  const found = await Promise.all(
    tabs
      .filter(({ state }) => state === "alive")
      .map(({ page }) =>
        page.evaluate(() => !!document.querySelector("cairn-root")?.shadowRoot?.querySelector(".card")),
      ),
  );
  return found.filter(Boolean).length;
}

export interface HintRun {
  /** What was done, for whoever has to find out why it went wrong. */
  readonly deeds: readonly string[];
  /** How often the hint was seen, by the server's book. */
  readonly seen: number;
  /** Most tabs in which it was on screen at once, after it was seen. */
  readonly cards: number;
  readonly mishaps: readonly string[];
  /** What each tab did, and what the server got. */
  readonly lines: readonly string[];
}

const SLOTS = 8;

/** One hint, one person, eight places for tabs, and so many rounds of things that happen to tabs. */
export async function playHint(
  site: Site,
  context: BrowserContext,
  {
    key,
    rounds,
    random,
    origin = site.url,
  }: { key: string; rounds: number; random: () => number; origin?: string },
): Promise<HintRun> {
  const url = `${origin}/?key=${key}`;
  const slots: (Tab | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  const deeds: string[] = [];
  const mishaps: string[] = [];
  const log: TabLog = { tabs: 0, lines: [] };
  const note = (words: string) => log.lines.push(`${Date.now()} ${words}`);
  const open = () => slots.flatMap((tab) => tab ?? []);
  const shown = () => (site.stored.get(key) ?? []).filter(({ event }) => event === "cairn.flow.shown").length;

  async function act(slot: number): Promise<string> {
    const tab = slots[slot];
    const dice = random();
    if (!tab) {
      slots[slot] = await openTab(context, url, log);
      return "open";
    }
    if (tab.state === "crashed" || dice < 0.2) {
      await tab.page.close();
      slots[slot] = undefined;
      return "close";
    }
    if (tab.state === "frozen") {
      await thaw(tab);
      return "thaw";
    }
    if (dice < 0.45) return (await freeze(tab)) ? "freeze" : "in front";
    if (dice < 0.65) {
      await crash(tab);
      return "crash";
    }
    if (dice < 0.8) {
      await tab.page.reload({ waitUntil: "domcontentloaded" });
      return "reload";
    }
    await tab.page.bringToFront();
    return "front";
  }
  // Several tabs at once, as when a browser restores them.
  await Promise.all([0, 1, 2, 3].map(act));
  for (let round = 0; round < rounds; round++) {
    const slot = Math.floor(random() * SLOTS);
    const deed = `${slot} ${await act(slot)} ${shown()}`;
    deeds.push(deed);
    note(deed);
    await pause(random() * 500);
  }
  // In the end somebody is there to see it, and the frozen wake up.
  const last = await openTab(context, url, log);
  for (let waited = 0; !shown() && waited < 15_000; waited += 100) await pause(100);
  deeds.push(`last ${shown()}`);
  for (const tab of open()) if (tab.state === "frozen") await thaw(tab);
  for (const tab of open().filter(({ state }) => state === "alive")) {
    await tab.page.bringToFront();
    await pause(20);
  }
  await last.page.bringToFront();
  // The tab in front has the word within five seconds; whatever would be shown twice has been by then.
  await pause(1_500);
  let cards = await cardsIn([...open(), last]);
  for (let waited = 1_500; cards === 0 && waited < 6_000; waited += 250) {
    await pause(250);
    cards = await cardsIn([...open(), last]);
  }
  if (cards !== 1)
    for (const tab of [...open(), last])
      deeds.push(
        tab.state === "crashed"
          ? "crashed"
          : await tab.page.evaluate(async () => {
              const { flows } = await window.cairn.explain("once");
              // None in an insecure context.
              const { held = [] } = (await navigator.locks?.query()) ?? {};
              return `${document.visibilityState} ${flows[0]?.open} ${flows[0]?.gate?.reason} ${flows[0]?.gate?.detail} ${held.length}`;
            }),
      );
  for (const tab of [...open(), last]) {
    if (tab.state !== "crashed")
      mishaps.push(
        ...(await tab.page.evaluate(() => {
          const { mishaps, warnings } = window as unknown as { mishaps: string[]; warnings: string[] };
          return [...mishaps, ...warnings];
        })),
      );
    await tab.page.close();
  }
  for (const { event, timestamp, context } of site.stored.get(key) ?? [])
    note(
      `stored ${event} of ${timestamp} run ${context?.cairn?.run} tab ${context?.cairn?.tab} decided ${context?.cairn?.decidedAt}`,
    );
  return { deeds, seen: shown(), cards, mishaps, lines: log.lines };
}
