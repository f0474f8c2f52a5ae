import { type Page, test } from "@playwright/test";
import type { Driver } from "../robustness/driver.ts";
import { countRows, rows } from "../robustness/rows.ts";
// @ts-expect-error: a plain script
import { serveSite } from "../robustness/site.mjs";

/** Every row of what hints must bear, in Chromium; test/firefox runs the same rows. */
let site: { url: string; close(): void };
test.beforeAll(async () => {
  site = await serveSite();
});
test.afterAll(() => site.close());

function drive(page: Page): Driver {
  return {
    browser: "chromium",
    async open(path = "/") {
      await page.goto(site.url + path);
    },
    run: (fn, arg) => page.evaluate(fn as never, arg as never) as never,
    press: (key) => page.keyboard.press(key),
    type: (text) => page.keyboard.type(text),
    click: ({ x, y }) => page.mouse.click(x, y),
    wheel: (by) => page.mouse.wheel(0, by),
    resize: (width, height) => page.setViewportSize({ width, height }),
  };
}

test("every row of the list has its test", () => {
  test.expect(countRows()).toEqual({ promises: 39, rows: 78 });
});

for (const { id, fact, test: run } of rows)
  test(`${id}: ${fact}`, async ({ page }) => {
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(`${error}`));
    const driver = drive(page);
    await driver.open();
    await run(driver);
    const { violations } = await page.evaluate(() => window.site);
    test.expect([...violations, ...errors]).toEqual([]);
  });
