import { expect, type Page, test } from "@playwright/test";
import { type Site, serveSite } from "../delivery/site.ts";
import { batchFields, keyPatterns, listed, paths } from "../privacy-page.ts";

/** What a real browser sends and keeps, against docs/privacy.md; and that without consent it does neither. */
let site: Site;
test.beforeAll(async () => {
  site = await serveSite();
});
test.afterAll(() => site?.close());

interface Sent {
  readonly what: string;
  readonly url: URL;
  readonly headers: readonly string[];
  readonly body: string | null;
}
/** What browsers say of themselves with each request. */
const BROWSERS_OWN =
  /^(accept|accept-.*|cache-control|connection|content-length|host|origin|pragma|referer|sec-.*|user-agent|upgrade-insecure-requests|purpose|priority|dnt)$/;

/** All that leaves the page but for itself and the SDK's files. */
function watch(page: Page): Sent[] {
  const sent: Sent[] = [];
  page.on("request", (request) => {
    const url = new URL(request.url());
    if (url.pathname.endsWith(".js") || request.resourceType() === "document") return;
    const headers = Object.keys(request.headers()).filter((name) => !BROWSERS_OWN.test(name));
    sent.push({ what: `${request.method()} ${url.pathname}`, url, headers, body: request.postData() });
  });
  return sent;
}

/** Every place where a page can keep something. */
const kept = (page: Page) =>
  page.evaluate(async () => {
    const found: string[] = [];
    for (const { name = "" } of await indexedDB.databases()) {
      const open = indexedDB.open(name);
      await new Promise((resolve) => {
        open.onsuccess = resolve;
      });
      found.push(`database ${name}`);
      for (const store of open.result.objectStoreNames) {
        const all = open.result.transaction(store).objectStore(store).getAllKeys();
        await new Promise((resolve) => {
          all.onsuccess = resolve;
        });
        found.push(...all.result.map((key) => `indexedDB ${key}`));
      }
      open.result.close();
    }
    found.push(...Object.keys(localStorage).map((key) => `localStorage ${key}`));
    found.push(...Object.keys(sessionStorage).map((key) => `sessionStorage ${key}`));
    found.push(...(await caches.keys().catch(() => [])).map((key) => `cache ${key}`));
    found.push(...(document.cookie ? [`cookie ${document.cookie}`] : []));
    found.push(...((await navigator.serviceWorker?.getRegistrations()) ?? []).map(() => "service worker"));
    if (window.name || history.state) found.push("window");
    return found;
  });

async function open(page: Page, key: string, options: object): Promise<void> {
  await page.goto(`${site.url}/reports/7?key=${key}&wait&email=a@b.c#secret`);
  await page.waitForSelector("html[data-ready]");
  await page.evaluate((given) => void window.start(given), options);
}

test("sends and keeps what the page about it lists, and nothing else", async ({ page }) => {
  const key = "pk_privacy";
  const sent = watch(page);
  await open(page, key, { release: "1.2.3" });
  await page.evaluate(() => {
    const claims = btoa(JSON.stringify({ sub: "u1", exp: Math.floor(Date.now() / 1_000) + 3_000 }));
    window.cairn.identify("u1", { plan: "pro", password: "hunter2" }, { token: `x.${claims}.x` });
    window.cairn.group("a1", { size: 7 });
    window.cairn.page("Reports", { filter: "x" });
    window.cairn.track("report.viewed", { report: 7, deep: { api_key: "k", fine: 1 } });
  });
  await expect(page.locator("cairn-root .card")).toBeVisible();
  const events = () => (site.stored.get(key) ?? []).map(({ event }) => event);
  await expect.poll(events).toContain("cairn.flow.shown");
  await page.getByRole("button", { name: "Got it" }).click();
  await expect.poll(events).toContain("cairn.flow.completed");
  await expect.poll(() => sent.map(({ what }) => what)).toContain("PUT /v1/state");

  // Other databases of the browser's own there are none: it is a fresh one.
  const own = await kept(page);
  expect(own.filter((one) => !one.startsWith("indexedDB "))).toEqual(["database cairn"]);
  const keys = own.flatMap((one) => (one.startsWith("indexedDB ") ? one.slice("indexedDB ".length) : []));
  expect(keys).toContain(`${key}|who`);
  expect(keys.filter((one) => !keyPatterns(key).some((pattern) => pattern.test(one)))).toEqual([]);

  // Leaving sends the copy, and the state.
  await page.evaluate(() => {
    window.cairn.track("last.words");
    dispatchEvent(new PageTransitionEvent("pagehide"));
  });
  await expect.poll(events).toContain("last.words");

  const mine = sent.filter(({ url }) => url.searchParams.get("key") === key || url.pathname === "/v1/batch");
  expect(sent.filter((one) => !mine.includes(one) && one.what.split(" ")[0] !== "OPTIONS")).toEqual([]);
  expect([...new Set(mine.map(({ what }) => what))].sort()).toEqual(
    [...listed("Requests")].filter((one) => /^[A-Z]+ \//.test(one)).sort(),
  );
  expect(mine.filter(({ url }) => url.origin !== site.url)).toEqual([]);
  for (const { what, url, headers } of mine) {
    expect([...url.searchParams.keys()]).toEqual(what === "POST /v1/batch" ? [] : ["key"]);
    expect(headers).toEqual(
      { "POST /v1/batch": ["content-type"], "GET /v1/state": ["authorization"] }[what] ??
        (what === "PUT /v1/state" ? expect.arrayContaining(["authorization", "content-type"]) : []),
    );
  }
  const fields = mine
    .filter(({ what }) => what === "POST /v1/batch")
    .flatMap(({ body }) => paths(JSON.parse(body ?? "null")))
    .map((path) => path.replace(/^(batch\[\]\.(properties|traits))\..*/, "$1.*"));
  const known = batchFields();
  expect([...new Set(fields)].filter((path) => !known.includes(path))).toEqual([]);
  const all = mine.map(({ body }) => body).join("");
  for (const secret of ["hunter2", "a@b.c", "secret", "api_key"]) expect(all).not.toContain(secret);
});

for (const consent of ["pending", "denied"])
  test(`where consent is ${consent}, nothing is sent and nothing is kept, not even an empty database`, async ({
    page,
  }) => {
    const sent = watch(page);
    await open(page, `pk_${consent}`, { consent });
    await page.evaluate(() => {
      window.cairn.identify("u1", { plan: "pro" });
      window.cairn.track("x");
      document.querySelector("button")?.click();
    });
    // All of it has been done.
    await page.evaluate(() => window.cairn.explain());
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_500)));
    await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide")));
    expect(sent).toEqual([]);
    expect(await kept(page)).toEqual([]);
  });

test("once consent is denied, what was kept is gone, and nothing more is sent", async ({ page }) => {
  const sent = watch(page);
  await open(page, "pk_withdrawn", {});
  await page.evaluate(() => window.cairn.track("x"));
  await expect.poll(() => (site.stored.get("pk_withdrawn") ?? []).map(({ event }) => event)).toContain("x");
  await page.evaluate(() => window.cairn.consent("denied"));
  const keys = async () => (await kept(page)).filter((one) => !one.startsWith("database"));
  await expect.poll(keys).toEqual([]);
  const before = sent.length;
  await page.evaluate(() => window.cairn.track("y"));
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_500)));
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide")));
  expect(sent.slice(before)).toEqual([]);
  expect(await keys()).toEqual([]);
});
