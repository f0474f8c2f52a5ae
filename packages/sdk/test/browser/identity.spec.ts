import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";

/** Two browsers of one person, the shipped bundle, and the real server. */
const SECRET = "a-secret-of-32-characters-or-more";
const KEY = "pk_0123456789abcdef";
let server: ChildProcess;
let url = "";
/** A page of the product, on an origin of its own; what stands in its address is called before the SDK is there. */
let product = "";
const host = createServer((request, response) => {
  const calls = decodeURIComponent((request.url ?? "").split("?")[1] ?? "");
  response.writeHead(200, { "Content-Type": "text/html" }).end(
    `<!doctype html><title>Product</title><button data-cairn="save-button">Save</button>
<script>window.cairn = { q: [] }; cairn.identify = function () { cairn.q.push(["identify", arguments]) }; ${calls}</script>
<script async src="${url}/v1/cairn.js" data-key="${KEY}"></script>`,
  );
});

const flow = {
  schemaVersion: 1,
  id: "welcome",
  kind: "tooltip",
  audience: { user: { plan: "pro" } },
  steps: [{ id: "hi", target: { anchor: "save-button" }, title: "Welcome" }],
};
const api = (method: string, path: string, body: unknown) =>
  fetch(url + path, {
    method,
    headers: { Authorization: "Bearer sk_0123456789abcdef", "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

test.beforeAll(async () => {
  server = spawn(
    process.execPath,
    [
      "--conditions=cairn-source",
      "--import",
      "tsx",
      join(import.meta.dirname, "../identity/serve-people.ts"),
    ],
    { env: { ...process.env, CAIRN_TEST_SECRET: SECRET }, stdio: ["ignore", "pipe", "inherit"] },
  );
  if (!server.stdout) throw new Error("no output");
  const [line] = (await once(server.stdout, "data")) as [Buffer];
  url = `${line}`.trim();
  host.listen(0, "127.0.0.1");
  await once(host, "listening");
  product = `http://127.0.0.1:${(host.address() as AddressInfo).port}/`;
  expect((await api("PUT", "/v1/flows/welcome", flow)).status).toBeLessThan(300);
  expect((await api("POST", "/v1/flows/welcome/publish", {})).status).toBeLessThan(300);
});
test.afterAll(() => {
  server.kill();
  host.close();
  host.closeAllConnections();
});

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
function sign(sub: string, { secret = SECRET, seconds = 1_800 } = {}): string {
  const now = Math.floor(Date.now() / 1_000);
  const text = `${base64({ alg: "HS256", kid: "ut_1" })}.${base64({ sub, aud: "production", iat: now + Math.min(seconds, 0) - 60, exp: now + seconds })}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

/** A device: a browser with a store of its own, on a page of the product. */
async function device(browser: Browser, calls: string) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const answers: string[] = [];
  const bodies: string[] = [];
  page.on("response", async (answer) => {
    if (!answer.url().includes("/v1/state?") || answer.request().method() === "OPTIONS") return;
    answers.push(`${answer.request().method()} ${answer.status()}`);
    bodies.push(await answer.text().catch(() => ""));
  });
  const watch = `cairn.q.push(["on", ["flow.shown", function () { window.seen = true }]]);`;
  await page.goto(`${product}?${encodeURIComponent(watch + calls)}`);
  return { page, context, answers, bodies };
}
const identify = (user: string, token?: string) =>
  `cairn.identify(${JSON.stringify(user)}, { plan: "pro" }${token === undefined ? "" : `, { token: ${JSON.stringify(token)} }`})`;
const card = (page: Page) => page.locator("cairn-root .card");
type Decisions = { cairn: { decisions(): unknown[] } };
const lastDecision = (page: Page) =>
  page.evaluate(() => (window as unknown as Decisions).cairn.decisions().at(-1));

test("a hint dismissed on one device is not shown on the other, and nobody else's token reads that", async ({
  browser,
}) => {
  const first = await device(browser, identify("u1", sign("u1")));
  await expect(card(first.page)).toBeVisible();
  // Seen for a second, then dismissed.
  await first.page.waitForFunction(() => "seen" in window);
  await card(first.page).locator(".x").click();
  await expect(card(first.page)).toHaveCount(0);
  // Leaving sends what is unsent.
  await first.page.goto("about:blank");
  const saved = async () => {
    const answer = await fetch(`${url}/v1/state?key=${KEY}`, {
      headers: { Authorization: `Bearer ${sign("u1")}` },
    });
    return JSON.stringify(await answer.json());
  };
  await expect.poll(saved, { timeout: 30_000 }).toContain("dismissed");

  const second = await device(browser, identify("u1", sign("u1")));
  await expect.poll(() => second.answers).toContain("GET 200");
  await expect
    .poll(() => lastDecision(second.page))
    .toMatchObject({ flow: "welcome", outcome: "held", reason: "frequency" });
  await expect(card(second.page)).toHaveCount(0);

  // Each of these would show "frequency" if it could read the person's state.
  const bad = {
    forged: sign("u1", { secret: "another-secret-of-32-characters!" }),
    expired: sign("u1", { seconds: -10 }),
    "somebody else's": sign("u2"),
  };
  for (const [what, token] of Object.entries(bad)) {
    const other = await device(browser, identify("u1", token));
    await expect(card(other.page), what).toBeVisible();
    expect(
      other.answers.filter((line) => line.endsWith("200")),
      what,
    ).toEqual([]);
    expect(other.bodies.join(""), what).not.toContain("welcome");
    await other.context.close();
  }
  await first.context.close();
  await second.context.close();
});
