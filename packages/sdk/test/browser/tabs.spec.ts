import { expect, test } from "@playwright/test";
import type { Browser, BrowserContext } from "puppeteer-core";
import { createRandom } from "../delivery/random.ts";
import { type Site, serveSite } from "../delivery/site.ts";
import { crash, freeze, launch, openTab, pause, playHint } from "../delivery/tabs.ts";
import { tried } from "../guards/tried.ts";

/** Real tabs in a real browser: hidden, frozen, crashed. Rounds of things that happen to eight of them; all of them by `soak`. */
const ROUNDS = process.env.CAIRN_SOAK ? 1_000 : 25;
const INSECURE_ROUNDS = process.env.CAIRN_SOAK ? 100 : 8;
const SEED = 5;

test.describe.configure({ mode: "serial", timeout: process.env.CAIRN_SOAK ? 3_600_000 : 150_000 });

let site: Site;
let browser: Browser;
let context: BrowserContext;
test.beforeAll(async () => {
  site = await serveSite();
  browser = await launch([`--host-resolver-rules=MAP product.test 127.0.0.1`]);
  context = await browser.createBrowserContext();
});
test.afterAll(async () => {
  await browser?.close();
  await site?.close();
});

async function play(name: string, total: number, origin: string): Promise<number> {
  const random = createRandom(SEED);
  let hints = 0;
  for (let left = total; left > 0; ) {
    const rounds = Math.min(left, 8 + Math.floor(random() * 10));
    left -= rounds;
    const key = `pk_${name}_${++hints}`;
    const { deeds, seen, cards, mishaps, lines } = await playHint(site, context, {
      key,
      rounds,
      random,
      origin,
    });
    if (seen !== 1 || cards !== 1 || mishaps.length) console.log([...lines].sort().join("\n"));
    // 0 = lost, 2 = doubled.
    expect({ key, seen, mishaps }, deeds.join(", ")).toEqual({ key, seen: 1, mishaps: [] });
    expect(cards, `in how many tabs ${key} is on screen: ${deeds.join(", ")}`).toBe(1);
    expect(deeds).toHaveLength(rounds + 1);
    tried(rounds);
  }
  return hints;
}

test("eight tabs that open, close, freeze and crash show a hint exactly once", async () => {
  const hints = await play("once", ROUNDS, site.url);
  console.log(`${ROUNDS} rounds, ${hints} hints: each seen once`);
});

test("so they do where there are no Web Locks", async () => {
  const tab = await openTab(context, `${site.insecureUrl}/?wait`);
  expect(await tab.page.evaluate(() => [isSecureContext, "locks" in navigator])).toEqual([false, false]);
  await tab.page.close();
  await play("insecure", INSECURE_ROUNDS, site.insecureUrl);
});

for (const [name, leave] of Object.entries({ frozen: freeze, crashed: crash }))
  test(`a tab that is ${name} while it sends is replaced within five seconds`, async () => {
    const key = `pk_${name}`;
    const stored = () => (site.stored.get(key) ?? []).map(({ event }) => event);
    site.misbehave("batch", () => {});
    const sender = await openTab(context, `${site.url}/?key=${key}`);
    const asked = site.requests.filter(({ route }) => route === "batch").length;
    await expect
      .poll(() => site.requests.filter(({ route }) => route === "batch").length)
      .toBeGreaterThan(asked);
    const other = await openTab(context, `${site.url}/?key=${key}`);
    await other.page.evaluate(() => window.cairn.track("from.other"));
    await pause(500);
    site.misbehave("batch", undefined);
    await leave(sender);
    const since = Date.now();
    await expect.poll(stored, { timeout: 5_000 }).toContain("from.other");
    console.log(`${name}: replaced after ${Date.now() - since} ms`);
    await Promise.all([sender, other].map(({ page }) => page.close()));
  });
