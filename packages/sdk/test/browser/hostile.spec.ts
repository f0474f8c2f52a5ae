import { expect, type Frame, type Page, test } from "@playwright/test";
import { HOSTILE_PAGES, type HostilePage } from "../hostile/pages.ts";
import { type Site, serveHostile } from "../hostile/serve.ts";

/**
 * Host pages that make life hard, with the shipped bundle in them. The host's own routine must come out the same, word
 * for word, without Cairn, with a hint open, and after it is gone.
 */
let site: Site;
test.beforeAll(async () => {
  site = await serveHostile();
});
test.afterAll(() => site.close());

type Host = { routine(): Promise<object> };
const routine = (frame: Frame | Page) =>
  frame.evaluate(() => (window as unknown as { host: Host }).host.routine());
const settled = (page: Page) => page.waitForLoadState("networkidle");

async function open(page: Page, { id, frame, serviceWorker }: HostilePage, cairn: boolean) {
  const url = `${site.url}/${id}${cairn ? "?cairn" : ""}`;
  if (serviceWorker && cairn) {
    await page.goto(`${site.url}/${id}`);
    await page.evaluate(async () => {
      await navigator.serviceWorker.register("/worker.js");
      await navigator.serviceWorker.ready;
    });
  }
  await page.goto(url);
  return frame ? (page.frames()[1] as Frame) : page;
}

test("there are at least 25", () => {
  expect(HOSTILE_PAGES.length).toBeGreaterThanOrEqual(25);
  expect(new Set(HOSTILE_PAGES.map(({ id }) => id)).size).toBe(HOSTILE_PAGES.length);
});

/** Each third page with every change, all of them by soak. */
const PAGES = process.env.CAIRN_SOAK ? HOSTILE_PAGES : HOSTILE_PAGES.filter((_, at) => at % 3 === 1);
for (const host of PAGES)
  test(`${host.id}: ${host.fact}; ${host.cairn}`, async ({ page }) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(`${error}`));
    const without = await routine(await open(page, host, false));
    expect(errors).toEqual([]);

    const frame = await open(page, host, true);
    const card = frame.locator("cairn-root .card");
    if (host.cairn === "hint") {
      await expect(card).toBeVisible();
      await expect(card).toContainText("Save here");
    } else {
      await settled(page);
      if (host.cairn === "silence") await expect(card).toHaveCount(0);
    }
    expect(await routine(frame)).toEqual(without);
    if (host.cairn === "hint") {
      await card.getByRole("button", { name: "Got it" }).click();
      await expect(card).toHaveCount(0);
      expect(await routine(frame)).toEqual(without);
    }
    if (host.delivers)
      await expect.poll(() => site.messages(host.id).map(({ type }) => type)).toContain("page");
    // One Cairn, however often its tag stands there.
    expect(
      new Set(site.messages(host.id).map(({ context }) => context?.cairn?.tab)).size,
    ).toBeLessThanOrEqual(1);
    expect(await frame.evaluate(() => "tampered" in window)).toBe(false);
    expect(errors).toEqual([]);
  });

test("prerendered, as far as the page can say so: nothing opens before somebody looks, then the hint is there", async ({
  page,
}) => {
  await page.goto(`${site.url}/prerender?cairn`);
  await settled(page);
  await expect(page.locator("cairn-root .card")).toHaveCount(0);
  expect(site.messages("prerender").map(({ event }) => event)).not.toContain("cairn.flow.shown");
  await page.evaluate(() => (window as unknown as { activate(): void }).activate());
  await expect(page.locator("cairn-root .card")).toBeVisible();
});
