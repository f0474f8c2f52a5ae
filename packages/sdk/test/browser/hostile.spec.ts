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

for (const host of HOSTILE_PAGES)
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
    expect(await frame.evaluate(() => "tampered" in window)).toBe(false);
    expect(errors).toEqual([]);
  });

test("prerendered: nothing counts as seen before somebody looks, then the hint is there", async ({
  page,
}) => {
  const before = site.messages("plain").length;
  const shown = () =>
    site
      .messages("plain")
      .slice(before)
      .map(({ event }) => event)
      .filter((event) => event === "cairn.flow.shown");
  await page.goto(`${site.url}/before`);
  // Long enough for an exposure, if there were one.
  await page.waitForTimeout(3_000);
  expect(shown()).toEqual([]);
  await page.click("#go");
  const [entry] = await page.evaluate(() =>
    performance.getEntriesByType("navigation").map((one) => one.toJSON()),
  );
  expect(entry.activationStart).toBeGreaterThan(0);
  await expect(page.locator("cairn-root .card")).toBeVisible();
  await expect.poll(shown).toEqual(["cairn.flow.shown"]);
});
