import { expect, type Page, test } from "@playwright/test";
import type { Gallery } from "../../../../examples/gallery/gallery.ts";
import type { Cairn } from "../../src/api.ts";

declare global {
  interface Window {
    gallery: Gallery;
    cairn: Cairn;
  }
}

const open = (page: Page, query: string) => page.goto(`${process.env.CAIRN_GALLERY}?${query}`);
const beacon = (page: Page) => page.locator("cairn-root .beacon");
const card = (page: Page) => page.locator("cairn-root .card");
const acts = (page: Page) => page.evaluate(() => window.gallery.acts.map((each) => each.act));

test("a beacon opens its hint by click, and puts it away again", async ({ page }) => {
  await open(page, "show=hotspot");
  await expect(beacon(page)).toBeVisible();
  await expect(card(page)).toHaveCount(0);
  await expect(beacon(page)).toHaveAttribute("aria-expanded", "false");
  await expect(beacon(page)).toHaveAccessibleName("Hint: Filters can be kept");
  await beacon(page).click();
  await expect(card(page)).toBeVisible();
  await expect(beacon(page)).toHaveAttribute("aria-expanded", "true");
  await expect(card(page)).not.toBeFocused();
  await beacon(page).click();
  await expect(card(page)).toHaveCount(0);
  expect(await acts(page)).toEqual([]);
});

test("stands on its target's corner, follows it, and is large enough to press", async ({ page }) => {
  await open(page, "show=hotspot");
  const gap = async () => {
    const [dot, target] = [await beacon(page).boundingBox(), await page.locator("#export").boundingBox()];
    if (!dot || !target) return undefined;
    expect(Math.min(dot.width, dot.height)).toBeGreaterThanOrEqual(24);
    return [dot.x + dot.width / 2 - target.x - target.width, dot.y + dot.height / 2 - target.y].map(Math.abs);
  };
  const isThere = async () => (await gap())?.every((by) => by <= 1);
  await expect.poll(isThere).toBe(true);
  await page.evaluate(() => document.querySelector(".top")?.append(document.createElement("p"), "shifted"));
  await expect.poll(isThere).toBe(true);
  await beacon(page).click();
  await page.mouse.wheel(0, 50);
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(50);
  await expect.poll(isThere).toBe(true);
  const [hint, target] = [await card(page).boundingBox(), await page.locator("#export").boundingBox()];
  expect((hint?.y ?? 0) >= (target ? target.y + target.height : Number.POSITIVE_INFINITY)).toBe(true);
  await page.evaluate(() => document.querySelector("#export")?.setAttribute("hidden", ""));
  await page.evaluate(() => document.querySelector("#export")?.classList.add("x"));
  await page.evaluate(() =>
    Object.assign((document.querySelector("#export") as HTMLElement).style, { display: "none" }),
  );
  await expect(beacon(page)).toBeHidden();
  await expect(card(page)).toBeHidden();
});

test("is worked by keyboard: reached, opened with Enter, folded with Escape, left", async ({ page }) => {
  await open(page, "show=hotspot");
  await expect(beacon(page)).toBeVisible();
  await page.locator("#search").focus();
  await page.keyboard.press("Shift+F8");
  await expect(beacon(page)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(card(page)).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(card(page)).toHaveCount(0);
  await expect(beacon(page)).toBeFocused();
  await page.keyboard.press("Space");
  await expect(card(page)).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  expect(await acts(page)).toEqual([{ kind: "close" }]);
  await expect(beacon(page)).toHaveCount(0);
  await expect(page.locator("#search")).toBeFocused();
});

test("several stand at once, and one hint is open at a time", async ({ page }) => {
  await open(page, "show=hotspot");
  await page.evaluate(() => {
    const { show, views } = window.gallery;
    show(views.hotspot({ locale: "en", anchor: "row", placement: "left" }, "second"));
  });
  await expect(beacon(page)).toHaveCount(2);
  await beacon(page).nth(0).click();
  await expect(card(page)).toHaveCount(1);
  await page.locator("[data-cairn=row]").scrollIntoViewIfNeeded();
  await beacon(page).nth(1).click();
  await expect(card(page)).toHaveCount(1);
  await expect(beacon(page).nth(0)).toHaveAttribute("aria-expanded", "false");
  await expect(beacon(page).nth(1)).toHaveAttribute("aria-expanded", "true");
});

test("is seen by its beacon, for a second, and pulses for less than five, or not at all", async ({
  page,
}) => {
  await page.clock.install();
  await open(page, "show=hotspot");
  await expect(beacon(page)).toBeVisible();
  const exposed = () => page.evaluate(() => window.gallery.exposed);
  await expect
    .poll(async () => {
      await page.clock.runFor(250);
      return exposed();
    })
    .toEqual([{ run: "new-filter/1", step: "filter" }]);
  await beacon(page).click();
  await expect(card(page)).toBeVisible();
  await page.clock.runFor(3000);
  expect(await exposed()).toHaveLength(1);
  const pulse = () =>
    beacon(page).evaluate((dot) =>
      dot.getAnimations({ subtree: true }).map((each) => {
        const { duration, iterations, delay } = each.effect?.getComputedTiming() ?? {};
        return Number(duration) * Number(iterations) + Number(delay);
      }),
    );
  await page.reload();
  await expect(beacon(page)).toBeVisible();
  const [length] = await pulse();
  expect(length).toBeGreaterThan(1000);
  expect(length).toBeLessThan(5000);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.reload();
  await expect(beacon(page)).toBeVisible();
  expect(await pulse()).toEqual([]);
});

test("goes on to its next step with the hint open, and starts closed after a reload", async ({ page }) => {
  await open(page, "show=hotspot");
  await beacon(page).click();
  await expect(card(page)).toContainText("Filters can be kept");
  await page.evaluate(() => {
    const { show, views } = window.gallery;
    const view = views.hotspot({ locale: "en", anchor: "far-button" });
    const step = view.step && { ...view.step, id: "far" as never, title: { source: "And here", values: {} } };
    show({ ...view, step });
  });
  await expect(card(page)).toContainText("And here");
  await expect(page.locator("#far")).toBeInViewport();
  await page.reload();
  // The browser goes back to where the page was scrolled, and a beacon does not scroll it away from there.
  await expect(beacon(page)).toHaveAttribute("aria-expanded", "false");
  await expect(card(page)).toHaveCount(0);
});

test("without its chunk it is drawn as a plain hint", async ({ page }) => {
  await page.route("**/hotspot-*.js", (route) => route.abort());
  await open(page, "show=hotspot");
  await expect(card(page)).toBeVisible();
  await expect(card(page)).toContainText("Give it a name once");
});

test("with the real engine: two at once, seen by their beacons, closed for good by ×", async ({ page }) => {
  await page.goto(`${process.env.CAIRN_GALLERY}whole.html`);
  await page.waitForFunction(() => window.cairn !== undefined);
  const shown = page.evaluate(
    () =>
      new Promise<unknown[]>((done) => {
        const flows: unknown[] = [];
        window.cairn.on("flow.shown", ({ flow }) => {
          if (flow !== "tip" && flows.push(flow) === 2) done(flows.sort());
        });
      }),
  );
  await page.evaluate(() => window.cairn.track("spots"));
  await expect(beacon(page)).toHaveCount(2);
  expect(await shown).toEqual(["filters", "sums"]);
  await beacon(page).first().click();
  const hint = card(page).filter({ hasText: "About" });
  await expect(hint).toHaveCount(1);
  await hint.getByRole("button", { name: "Close" }).click();
  await expect(beacon(page)).toHaveCount(1);
  await page.evaluate(() => window.cairn.track("spots"));
  await expect
    .poll(() => page.evaluate(() => window.cairn.decisions().at(-1)))
    .toMatchObject({ outcome: "held" });
  await expect(beacon(page)).toHaveCount(1);
  await expect.poll(async () => /why\W+dismissed/.test(await page.evaluate(stored))).toBe(true);
  // What stands on the page comes back with it; what was closed does not.
  await page.reload();
  await expect(beacon(page)).toHaveCount(1);
  await expect(beacon(page)).toHaveAttribute("aria-expanded", "false");
});

/** In the page: all that is stored there, as text. */
function stored(): Promise<string> {
  return new Promise((done, fail) => {
    const opening = indexedDB.open("cairn");
    opening.onerror = fail;
    opening.onsuccess = () => {
      const all = opening.result.transaction("cairn").objectStore("cairn").getAll();
      all.onerror = fail;
      all.onsuccess = () => {
        opening.result.close();
        done(JSON.stringify(all.result));
      };
    };
  });
}
