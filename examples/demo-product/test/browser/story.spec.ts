import { createRequire } from "node:module";
import { expect, type Page, test } from "@playwright/test";
import { type Product, startProduct } from "./start-product.ts";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const secret = { headers: { Authorization: "Bearer sk_demo" } };

let product: Product;
test.beforeAll(async () => {
  product = await startProduct();
});
test.afterAll(async () => {
  expect(await product.stop()).toBe(0);
});

/** What the page complained about; must stay empty through each story. */
function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  return complaints;
}

const report = async (path: string) => (await fetch(`${product.url}/v1/reports/${path}`, secret)).json();

async function activation(feature: string) {
  const { features } = await report(`activation?feature=${feature}`);
  return features[0];
}

async function userOf(page: Page): Promise<string> {
  return page
    .evaluate(() => JSON.stringify(localStorage))
    .then((text) => /lina-[0-9a-f]{10}/.exec(text)?.[0] ?? "nobody");
}

const go = (page: Page, name: string) =>
  page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
const exportHint = (page: Page) => page.getByRole("dialog", { name: "You can take this report with you" });
const checklist = (page: Page) => page.getByRole("region", { name: "Your first week" });

async function exportReport(page: Page) {
  await page.getByRole("button", { name: "Export" }).click();
  const download = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: /PDF/ }).click();
  await download;
}

test("a third look at Reports brings the hint, three exports activate the feature", async ({ page }) => {
  const complaints = complaintsOf(page);
  const before = await activation("report-export");
  await page.goto(`${product.url}/demo/`);
  await expect(checklist(page)).toBeVisible();

  await go(page, "Reports");
  await go(page, "Team");
  await go(page, "Reports");
  await go(page, "Team");
  await expect(exportHint(page)).toBeHidden();
  await go(page, "Reports");
  await expect(exportHint(page)).toBeVisible({ timeout: 30_000 });

  const hint = await exportHint(page).boundingBox();
  const button = await page.getByRole("button", { name: "Export" }).boundingBox();
  if (!hint || !button) throw new Error("nothing on the page to compare");
  const gap = (a: number, aSize: number, b: number, bSize: number) =>
    Math.max(a - (b + bSize), b - (a + aSize), 0);
  const apart = [
    gap(hint.x, hint.width, button.x, button.width),
    gap(hint.y, hint.height, button.y, button.height),
  ];
  expect(Math.max(...apart)).toBeLessThan(24);
  expect(Math.max(...apart)).toBeGreaterThan(0);

  for (let time = 0; time < 3; time += 1) await exportReport(page);
  await expect(exportHint(page)).toBeHidden();

  const user = await userOf(page);
  await expect
    .poll(async () => (await activation("report-export")).states.activated, { timeout: 40_000 })
    .toBe(before.states.activated + 1);
  const stored = (await (await fetch(`${product.url}/v1/events?user=${user}`, secret)).text())
    .trim()
    .split("\n");
  const names = stored.map((line) => JSON.parse(line).event);
  expect(names.filter((name) => name === "report.viewed")).toHaveLength(3);
  expect(names.filter((name) => name === "report.exported")).toHaveLength(3);
  expect(names.filter((name) => name === "cairn.flow.shown").length).toBeGreaterThanOrEqual(1);
  expect(new Set(stored.map((line) => JSON.parse(line).messageId)).size).toBe(stored.length);
  expect(complaints).toEqual([]);
});

test("the checklist ticks by itself, and the tour goes over two pages and a reload", async ({ page }) => {
  const complaints = complaintsOf(page);
  await page.goto(`${product.url}/demo/`);
  await expect(checklist(page)).toBeVisible();
  const item = (name: string) => checklist(page).getByRole("listitem").filter({ hasText: name });
  await expect(item("See how your month is going")).toContainText("Not done yet");
  await go(page, "Reports");
  await go(page, "Home");
  await expect(item("See how your month is going")).toContainText("(Done)");

  await go(page, "Invoices");
  const step = (name: string) => page.getByRole("dialog", { name });
  await expect(step("An invoice takes about two minutes")).toBeVisible({ timeout: 30_000 });
  await step("An invoice takes about two minutes").getByRole("button", { name: "Start" }).click();
  await expect(page).toHaveURL(/\/demo\/invoices\/new$/);
  await expect(step("Who is it for?")).toContainText("2 of 3");

  await page.reload();
  await expect(step("Who is it for?")).toBeVisible();
  await expect(step("Who is it for?")).toContainText("2 of 3");
  await step("Who is it for?").getByRole("button", { name: "Next" }).click();
  await expect(step("Send when it looks right")).toBeVisible();
  await step("Send when it looks right").getByRole("button", { name: "Got it" }).click();
  await expect(step("Send when it looks right")).toBeHidden();

  const shares = async () => (await report("funnel?flow=first-value-tour")).steps;
  await expect.poll(async () => (await shares()).length).toBe(3);
  expect(complaints).toEqual([]);
});

test("a tour left half-way lets other hints through, and waits at its step", async ({ page }) => {
  const step = page.getByRole("dialog", { name: "Who is it for?" });
  await page.goto(`${product.url}/demo/invoices`);
  await page
    .getByRole("dialog", { name: "An invoice takes about two minutes" })
    .getByRole("button", { name: "Start" })
    .click({ timeout: 30_000 });
  await expect(step).toBeVisible();
  for (const name of ["Reports", "Team", "Reports", "Team", "Reports"]) await go(page, name);
  await expect(exportHint(page)).toBeVisible({ timeout: 30_000 });
  await expect(step).toBeHidden();
  await exportHint(page).getByRole("button", { name: "Got it" }).click();
  await go(page, "Invoices");
  await page.getByRole("link", { name: "New invoice" }).click();
  await expect(step).toBeVisible({ timeout: 30_000 });
});

test("a CS person sees the numbers, changes the hint in the studio, and the demo shows the new words", async ({
  page,
  context,
}) => {
  const complaints = complaintsOf(page);
  await page.goto(`${product.url}/studio/activation?feature=report-export`);
  await expect(page.getByRole("heading", { name: "Activation" })).toBeVisible();
  const row = page.getByRole("row").filter({ hasText: "Export" }).first();
  const now = await activation("report-export");
  await expect(row).toContainText(String(now.states.activated), { timeout: 20_000 });

  await page.goto(`${product.url}/studio/funnels?flow=first-value-tour&days=90`);
  const { steps } = await report("funnel?flow=first-value-tour");
  for (const { title, users } of steps)
    await expect(page.getByRole("main")).toContainText(new RegExp(`${title}[\\s\\S]*${users}`), {
      timeout: 20_000,
    });

  await page.goto(`${product.url}/studio/flows/first-export`);
  const editor = page.getByRole("textbox", { name: "Flow definition, JSON" });
  await expect(editor).toBeVisible({ timeout: 20_000 });
  const definition = await (await fetch(`${product.url}/v1/flows/first-export`, secret)).json();
  const write = async (text: string) => {
    await editor.click();
    await page.keyboard.press("ControlOrMeta+a");
    await page.keyboard.insertText(text);
  };
  const asWritten = JSON.stringify(definition.flow ?? definition, null, 2);
  await write(asWritten.replace('"priority": 60', '"priority": "high"'));
  await expect(page.getByRole("main")).toContainText("1 problem");
  await expect(page.getByRole("button", { name: "Publish…" })).toBeDisabled();
  await write(asWritten.replace("You can take this report with you", "Take this report along"));
  await expect(page.getByRole("main")).toContainText("No problems found");
  await page.getByRole("button", { name: "Save draft" }).click();
  await page.getByRole("button", { name: "Publish…" }).click();
  const dialog = page.getByRole("dialog", { name: "Publish this flow?" });
  await expect(dialog).toContainText("Take this report along");
  await dialog.getByRole("textbox").fill("Shorter title");
  await dialog.getByRole("button", { name: "Publish", exact: true }).click();
  await expect(page.getByRole("main")).toContainText("Published v2");
  await expect(page.getByRole("main")).toContainText("Shorter title");

  const demo = await context.newPage();
  await demo.goto(`${product.url}/demo/reports`);
  for (const name of ["Team", "Reports", "Team", "Reports"]) await go(demo, name);
  await expect(demo.getByRole("dialog", { name: "Take this report along" })).toBeVisible({ timeout: 30_000 });
  expect(complaints).toEqual([]);
});

test("every hint that did not show says why", async ({ page }) => {
  await page.goto(`${product.url}/demo/`);
  await expect(checklist(page)).toBeVisible();
  const answers = await page.evaluate(async () =>
    (window as unknown as { cairn: { explain(): unknown } }).cairn.explain(),
  );
  const flows = (answers as { flows: { flow: string; gate: string | null }[] }).flows;
  expect(flows.map(({ flow }) => flow).sort()).toEqual(
    (await (await fetch(`${product.url}/v1/config?key=pk_demo`)).json()).flows
      .map(({ id }: { id: string }) => id)
      .sort(),
  );
  await page.getByRole("button", { name: "Why?" }).click();
  await expect(page.getByRole("complementary", { name: "Why this, why not that" })).toContainText(
    "it is meant for other people",
  );
});

test("without a server for guidance the product works and stays silent", async ({ page }) => {
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  await page.route("**/v1/**", (route) => route.abort());
  await page.goto(`${product.url}/demo/`);
  await go(page, "Reports");
  await exportReport(page);
  await expect(page.getByRole("status").filter({ hasText: "is in your downloads" })).toBeVisible();
  expect(errors).toEqual([]);
});

test("hints pass axe with target size, and the page's policy is never violated", async ({ page }) => {
  const complaints = complaintsOf(page);
  await page.addInitScript(() => {
    const seen: string[] = [];
    Object.assign(window, { policyViolations: seen });
    document.addEventListener("securitypolicyviolation", (event) =>
      seen.push(`${event.violatedDirective} ${event.blockedURI}`),
    );
  });
  await page.goto(`${product.url}/demo/`);
  await expect(checklist(page)).toBeVisible();
  await expectNoAxeViolations(page);
  await go(page, "Invoices");
  await expect(page.getByRole("dialog", { name: "An invoice takes about two minutes" })).toBeVisible({
    timeout: 30_000,
  });
  await expectNoAxeViolations(page);
  expect(
    await page.evaluate(() => (window as unknown as { policyViolations: string[] }).policyViolations),
  ).toEqual([]);
  expect(complaints).toEqual([]);
});

async function expectNoAxeViolations(page: Page) {
  // Evaluated from outside the page, where its policy does not reach.
  const { readFileSync } = await import("node:fs");
  await page.evaluate(readFileSync(axePath, "utf8"));
  const violations = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: {
        run(
          root: Document,
          options: unknown,
        ): Promise<{ violations: { id: string; nodes: { target: unknown }[] }[] }>;
      };
    };
    const result = await axe.run(document, { rules: { "target-size": { enabled: true } } });
    return result.violations.map(({ id, nodes }) => ({ id, targets: nodes.map((node) => node.target) }));
  });
  expect(violations).toEqual([]);
}
