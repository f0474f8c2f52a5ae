import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { hint } from "../robustness/driver.ts";
// @ts-expect-error: a plain script
import { serveSite } from "../robustness/site.mjs";

/** A product with a preview link, and a server that knows one token. */
let site: { url: string; close(): void };
let asked: string[] = [];
let state: "up" | "down" = "up";
const draft = (more: object = {}) =>
  hint({ anchor: "export" }, { id: "draft", name: "First export", trigger: { event: "never" }, ...more });
let flow: unknown = draft();
const published = hint({ anchor: "invite" }, { id: "published", trigger: { event: "report.viewed" } });
const settings = { budget: null };

test.describe.configure({ mode: "serial" });
test.beforeAll(async () => {
  site = await serveSite((url: URL) => {
    if (!url.pathname.startsWith("/v1/")) return undefined;
    asked.push(url.pathname);
    if (state === "down") return { status: 503, body: "{}" };
    const config = { schemaVersion: 1, environment: "test", settings };
    if (url.pathname === "/v1/config")
      return { status: 200, body: JSON.stringify({ ...config, flows: [published] }) };
    if (url.pathname === "/v1/batch")
      return { status: 200, body: '{"accepted":1,"duplicate":0,"rejected":[]}' };
    if (url.pathname === "/v1/preview" && url.searchParams.get("token") === "good.to-ken_1")
      return {
        status: 200,
        body: JSON.stringify({
          ...config,
          flows: [published, flow],
          preview: { flow: "draft", user: { id: "ann", traits: { plan: "pro" } }, account: { id: "acme" } },
        }),
      };
    return {
      status: 401,
      body: '{"error":{"code":"token_invalid","message":"This is no token of a preview."}}',
    };
  });
});
test.afterAll(() => site.close());
test.beforeEach(() => {
  asked = [];
  state = "up";
  flow = draft();
});

const LINK = "#cairn-preview=good.to-ken_1";
const open = async (page: Page, hash = "", path = "/reports?tab=2") => {
  await page.goto(site.url + path + hash);
  await connect(page);
};
const connect = async (page: Page) => {
  await page.waitForFunction(() => window.site !== undefined);
  await page.evaluate(() => window.site.connect());
};
const card = (page: Page) => page.locator("cairn-root .card");
const mark = (page: Page) => page.locator("cairn-preview .mark");
const databases = (page: Page) =>
  page.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name));
const only = (paths: string[]) => asked.filter((path) => !paths.includes(path));

test("a link shows the draft at once, in this tab, as the person chosen, and records nothing", async ({
  page,
}) => {
  await open(page, LINK);
  await expect(card(page)).toContainText("Take it with you");
  await expect(mark(page)).toContainText("Preview: First export");
  await expect(mark(page)).toContainText("as ann");
  // The token is out of the address, and the page has the history that it had.
  expect(page.url()).toBe(`${site.url}/reports?tab=2`);
  // Seen for a second: the state says so, and no handler of the host's hears of it.
  await page.waitForFunction(() => {
    type Saved = [string, { text?: string }][];
    type Runs = { [flow: string]: { [run: string]: { seen?: number } } };
    const saved = JSON.parse(sessionStorage.getItem("cairn-preview-state") ?? "[]") as Saved;
    const runs = (text: string) => (JSON.parse(text) as { shared: { runs: Runs } }).shared.runs.draft ?? {};
    return saved.some(
      ([, { text }]) => text && Object.values(runs(text)).some(({ seen }) => seen !== undefined),
    );
  });
  await card(page).getByRole("button", { name: "Got it" }).click();
  await expect(card(page)).toHaveCount(0);
  expect(only(["/v1/preview"])).toEqual([]);
  expect(await databases(page)).toEqual([]);
  expect(await page.evaluate(() => [window.site.events, window.site.violations])).toEqual([[], []]);
  const people = await page.evaluate(() => window.site.cairn?.decisions().map(({ user }) => user));
  expect(new Set(people)).toEqual(new Set(["ann"]));
  // What is published does not come by itself; asked for, it does.
  await page.evaluate(() => {
    window.site.cairn?.track("report.viewed");
    window.site.cairn?.start("published", { force: true });
  });
  await expect(card(page)).toBeVisible();
  const asked = await page.evaluate(() =>
    window.site.cairn?.decisions().flatMap((one) => (one.flow === "published" ? one.start : [])),
  );
  expect(asked).toEqual(["forced"]);
});

test("it goes on where it was after a page load in the same tab, and nowhere else", async ({
  page,
  context,
}) => {
  const step = (id: string) => ({
    id,
    title: `Step ${id}`,
    actions: [{ id: "next", label: "Next", do: "next" }],
  });
  flow = draft({ kind: "tour", steps: [step("one"), step("two")] });
  await open(page, LINK);
  await card(page).getByRole("button", { name: "Next" }).click();
  await expect(card(page)).toContainText("Step two");
  // As a product does that signs somebody out.
  await page.evaluate(() => localStorage.clear());
  await open(page, "", "/other");
  await expect(card(page)).toContainText("Step two");
  await expect(mark(page)).toBeVisible();
  const other = await context.newPage();
  await open(other);
  await expect.poll(() => asked.includes("/v1/config")).toBe(true);
  await expect(mark(other)).toHaveCount(0);
});

test("it is left by its button, and nothing of it stays", async ({ page }) => {
  await open(page, LINK);
  await mark(page).getByRole("button", { name: "Leave preview" }).click();
  await expect(mark(page)).toHaveCount(0);
  await connect(page);
  await expect.poll(() => only(["/v1/preview"])).toContain("/v1/config");
  expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([]);
  await expect(page.locator("cairn-preview")).toHaveCount(0);
});

test("a link that is forged or too old says so, and the page goes on as always", async ({ page }) => {
  await open(page, "#/route&cairn-preview=forged");
  await expect(mark(page)).toContainText("This preview has ended");
  await expect(card(page)).toContainText("Take it with you");
  expect(page.url()).toBe(`${site.url}/reports?tab=2#/route`);
  await expect.poll(() => only([])).toContain("/v1/batch");
  expect(await page.evaluate(() => Object.keys(sessionStorage))).toEqual([]);
  await mark(page).getByRole("button", { name: "Close" }).click();
  await expect(mark(page)).toHaveCount(0);
});

test("where the server is away the page goes on, and the link is tried again with the next page", async ({
  page,
}) => {
  state = "down";
  await open(page, LINK);
  await expect(mark(page)).toContainText("could not be loaded");
  state = "up";
  await open(page, "", "/next");
  await expect(card(page)).toContainText("Take it with you");
  await expect(mark(page)).toContainText("Preview: First export");
});

for (const [width, more] of [
  [390, { kind: "slideout" }],
  [390, { kind: "banner" }],
  [390, { kind: "modal" }],
  [1000, { kind: "slideout", placement: "bottom-left" }],
] as const)
  test(`the mark can be seen beside a ${more.kind} at ${width} px, and covers nothing of it`, async ({
    page,
  }) => {
    await page.setViewportSize({ width, height: 640 });
    const { kind, ...step } = { placement: "auto", ...more };
    const actions = [{ id: "ok", label: "Got it", do: "done" }];
    flow = draft({
      kind,
      steps: [{ id: "one", title: "Take it with you", body: "Kept.", ...step, actions }],
    });
    await open(page, LINK);
    const surface = page.locator("cairn-root .hint .surface");
    await expect(surface).toBeVisible();
    const apart = async () => {
      const [a, b] = [await surface.boundingBox(), await mark(page).boundingBox()];
      if (!a || !b) return "nothing there";
      const isBeside = a.x + a.width <= b.x || b.x + b.width <= a.x;
      return isBeside || a.y + a.height <= b.y || b.y + b.height <= a.y;
    };
    await expect.poll(apart).toBe(true);
    await expect(mark(page)).toBeInViewport({ ratio: 1 });
  });

test("where the draft has nothing to point at, the mark says so", async ({ page }) => {
  flow = hint({ anchor: "nowhere" }, { id: "draft" });
  await open(page, LINK);
  await expect(mark(page)).toContainText("is not on this page");
});

test("the link of the real server opens the draft in a product with the script tag", async ({ page }) => {
  const product = createServer();
  const child = spawn(
    process.execPath,
    [
      "--conditions=cairn-source",
      "--import",
      "tsx",
      join(import.meta.dirname, "../identity/serve-people.ts"),
    ],
    { env: { ...process.env, CAIRN_TEST_SECRET: "x".repeat(43) }, stdio: ["ignore", "pipe", "inherit"] },
  );
  try {
    const server = await new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (line) => resolve(`${line}`.trim()));
      child.once("exit", reject);
    });
    product.on("request", (_, response) =>
      response
        .writeHead(200, { "content-type": "text/html" })
        .end(
          `<!doctype html><html lang="en"><title>A product</title><script async src="${server}/v1/cairn.js" data-key="pk_0123456789abcdef"></script><button data-cairn="export">Export</button></html>`,
        ),
    );
    product.listen(0, "127.0.0.1");
    await once(product, "listening");
    const reports = `http://127.0.0.1:${(product.address() as AddressInfo).port}/reports`;
    const made = await fetch(`${server}/v1/previews`, {
      method: "POST",
      headers: { authorization: "Bearer sk_0123456789abcdef", "content-type": "application/json" },
      body: JSON.stringify({ flow: draft(), user: { id: "ann" }, page: reports }),
    });
    expect(made.status).toBe(201);
    const { url } = (await made.json()) as { url: string };
    await page.goto(url);
    await expect(card(page)).toContainText("Take it with you");
    await expect(mark(page)).toContainText("as ann");
    expect(page.url()).toBe(reports);
    await page.goto("about:blank");
    await page.goto(url.replace(/.{4}$/, "AAAA"));
    await expect(mark(page)).toContainText("This preview has ended");
    await expect(card(page)).toHaveCount(0);
  } finally {
    child.kill();
    product.closeAllConnections();
    product.close();
  }
});
