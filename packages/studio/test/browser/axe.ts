import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect, type Page } from "@playwright/test";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds on the page as it now is, or in one part of it, target size included. */
export async function axeProblems(page: Page, within = "html"): Promise<readonly string[]> {
  // Evaluated from outside the page, whose policy would refuse it, rightly.
  await page.evaluate(source);
  return await page.evaluate(async (part) => {
    const { axe } = window as unknown as {
      axe: {
        run(
          context: string,
          options: object,
        ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
      };
    };
    const { violations } = await axe.run(part, {
      rules: { "target-size": { enabled: true } },
      iframes: false,
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary ?? ""}`),
    );
  }, within);
}

/** Of the dialog that is open, and nothing else: what stands behind it cannot be reached. */
export async function dialogIsClean(page: Page): Promise<void> {
  await expect(page.getByRole("dialog")).toBeVisible();
  expect(await axeProblems(page, "dialog[open]")).toEqual([]);
}

/** How many pixels wider than the window the page is. */
export const tooWide = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
