import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import type { Cairn } from "../../src/api.ts";

declare global {
  interface Window {
    cairn: Cairn;
  }
}

const open = async (page: Page) => {
  await page.goto(`${process.env.CAIRN_GALLERY}whole.html`);
  await page.waitForFunction(() => window.cairn !== undefined);
};
const panel = (page: Page) => page.locator("cairn-root dialog:has(.prefs)");
const tip = (page: Page) => page.locator("cairn-root .card", { hasText: "Take this report" });
const tour = (page: Page) => page.locator("cairn-root .card", { hasText: "Start with a report" });
const choose = (page: Page, name: string) => panel(page).getByRole("switch", { name });
const decided = (page: Page, flow: string) =>
  page.evaluate((id) => window.cairn.decisions().findLast((one) => one.flow === id)?.reason, flow);

/** A tour that was seen and closed. */
async function seeTour(page: Page, name = "tour") {
  await page.evaluate((event) => window.cairn.track(event), name);
  await expect(tour(page)).toBeVisible();
  const exposed = page.evaluate(
    () => new Promise<void>((done) => window.cairn.on("flow.shown", () => done())),
  );
  await exposed;
  await tour(page).getByRole("button", { name: "Close" }).click();
  await expect(tour(page)).toHaveCount(0);
}

test("opens as a dialog, works by keyboard, and gives the focus back", async ({ page }) => {
  await open(page);
  await expect(tip(page)).toBeVisible();
  await page.locator("#help").focus();
  await page.keyboard.press("Enter");
  await expect(panel(page)).toBeVisible();
  await expect(panel(page)).toHaveAccessibleName("Hints");
  await expect(panel(page)).toBeFocused();
  expect(await panel(page).getByRole("switch").allTextContents()).toEqual([
    "Pause all hints",
    "Tips",
    "First steps",
    "What is new",
    "Notices",
    "Price changes",
  ]);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(choose(page, "Tips")).toBeFocused();
  await expect(choose(page, "Tips")).toBeChecked();
  await page.keyboard.press("Space");
  await expect(choose(page, "Tips")).not.toBeChecked();
  await expect(choose(page, "Tips")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(panel(page)).toHaveCount(0);
  await expect(page.locator("#help")).toBeFocused();
});

test("what is chosen is obeyed at once, after a reload, and in another tab", async ({ context }) => {
  const page = await context.newPage();
  await open(page);
  await expect(tip(page)).toBeVisible();
  await page.locator("#help").click();
  await choose(page, "Tips").click();
  await expect(tip(page)).toHaveCount(0);
  const other = await elsewhere(context);
  await expect.poll(() => decided(other, "tip")).toBe("preferences");
  // One tab at a time opens hints.
  await other.close();
  await page.reload();
  await expect.poll(() => decided(page, "tip")).toBe("preferences");
  await page.locator("#help").click();
  await expect(choose(page, "Tips")).not.toBeChecked();
  await choose(page, "Tips").click();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.evaluate(() => window.cairn.decisions().length)).toBeGreaterThan(0);
  await page.evaluate(() => window.cairn.page());
  await expect(tip(page)).toBeVisible();
});

async function elsewhere(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await open(page);
  return page;
}

test("a pause holds everything, and the other choices with it", async ({ page }) => {
  await open(page);
  await expect(tip(page)).toBeVisible();
  await tip(page).getByRole("button", { name: "Fewer hints" }).click();
  await choose(page, "Pause all hints").click();
  await expect(panel(page)).toContainText("Nothing opens by itself");
  await expect(tip(page)).toHaveCount(0);
  await expect(choose(page, "Tips")).toBeDisabled();
  await page.keyboard.press("Escape");
  await page.evaluate(() => window.cairn.track("tour"));
  await expect.poll(() => decided(page, "first-value")).toBe("preferences");
  await page.evaluate(() => window.cairn.start("first-value"));
  await page.locator("#help").click();
  await expect(panel(page)).toBeVisible();
  await expect(tour(page)).toHaveCount(0);
  await choose(page, "Pause all hints").click();
  await expect(choose(page, "Tips")).toBeEnabled();
});

test("a tour that was seen can be seen again, and one of another page waits for it", async ({ page }) => {
  await open(page);
  await expect(tip(page)).toBeVisible();
  await page.locator("#help").click();
  await expect(panel(page)).not.toContainText("see again");
  await choose(page, "Tips").click();
  await page.keyboard.press("Escape");
  await seeTour(page);
  await page.evaluate(() => {
    const button = document.createElement("button");
    button.dataset.cairn = "invoices";
    button.textContent = "Invoices";
    document.querySelector("main")?.append(button);
    window.cairn.track("elsewhere");
  });
  const invoices = page.locator("cairn-root .card", { hasText: "Here are invoices" });
  await expect(invoices).toBeVisible();
  await page.evaluate(() => new Promise<void>((done) => window.cairn.on("flow.shown", () => done())));
  await invoices.getByRole("button", { name: "Close" }).click();
  await page.evaluate(() => document.querySelector("[data-cairn=invoices]")?.remove());

  await page.locator("#help").click();
  await expect(panel(page)).toContainText("Tours you can see again");
  const start = (name: string) =>
    panel(page).getByRole("listitem").filter({ hasText: name }).getByRole("button", { name: "Start" });
  await expect(start("Your first report")).toHaveAccessibleDescription("Your first report");
  await start("Invoices").click();
  await expect(panel(page).locator(".prefs [role=status]")).toHaveText(
    "It begins on the page that it belongs to.",
  );
  await start("Your first report").click();
  await expect(panel(page)).toHaveCount(0);
  await expect(tour(page)).toBeVisible();
});

test("a button for fewer hints is the host's to take over", async ({ page }) => {
  await open(page);
  await expect(tip(page)).toBeVisible();
  await page.evaluate(() => {
    window.cairn.on("preferences", () => {
      document.title = "taken over";
      return true;
    });
  });
  await tip(page).getByRole("button", { name: "Fewer hints" }).click();
  await expect(page).toHaveTitle("taken over");
  await expect(panel(page)).toHaveCount(0);
});

test("destroy takes it along", async ({ page }) => {
  await open(page);
  await page.locator("#help").click();
  await expect(panel(page)).toBeVisible();
  await page.evaluate(() => window.cairn.destroy());
  await expect(page.locator("cairn-root")).toHaveCount(0);
});
