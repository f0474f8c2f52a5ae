import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { type Misdeed, type Route, type Site, serveSite } from "../delivery/site.ts";

/**
 * The faults that are the network's own, with a real browser and a server that really misbehaves: the rows "dns", "refused",
 * "reset mid-body", "hang" and "redirect" of the table in docs/delivery.md × {config, events, state} × {boot, running, unload}.
 * The whole table, by a clock of its own, is test/delivery/faults.test.ts.
 */
const ROUTES: readonly Route[] = ["config", "batch", "state"];
const MOMENTS = ["boot", "running", "unload"] as const;

/** Makes the API bad, and good again. */
interface Fault {
  readonly host: string;
  bad(): Promise<void>;
  good(): Promise<void>;
}
const misdeeds: { [fault: string]: Misdeed } = {
  "reset mid-body": (_, response) => {
    response.writeHead(200, { "Content-Type": "application/json", "Access-Control-Allow-Origin": "*" });
    response.write('{"accepted":');
    setTimeout(() => response.destroy(), 20);
  },
  hang: () => {},
  redirect: (_, response) => {
    response.writeHead(302, { Location: "/sign-in", "Access-Control-Allow-Origin": "*" }).end();
  },
};

function createFault(name: string, api: Site): Fault {
  const misdeed = misdeeds[name];
  const set = async (how: Misdeed | undefined) => {
    for (const route of ROUTES) api.misbehave(route, how);
  };
  if (misdeed) return { host: api.url, bad: () => set(misdeed), good: () => set(undefined) };
  return { host: api.url, bad: api.close, good: api.reopen };
}
/** A name that nobody knows; while it is good, its requests go to the API. */
async function createDnsFault(context: BrowserContext, api: Site): Promise<Fault> {
  const host = `http://nowhere.invalid:${api.port}`;
  let isBad = false;
  await context.route(`${host}/**`, (route) =>
    isBad
      ? route.continue()
      : route.fetch({ url: route.request().url().replace(host, api.url) }).then(
          (response) => route.fulfill({ response }),
          () => route.abort(),
        ),
  );
  const set = async (now: boolean) => {
    isBad = now;
  };
  return { host, bad: () => set(true), good: () => set(false) };
}

const asked = (page: Page) => {
  const urls: string[] = [];
  page.on("request", (request) => urls.push(`${request.method()} ${new URL(request.url()).pathname}`));
  return (what: string) => urls.filter((url) => url === what).length;
};
const start = (page: Page) =>
  page.evaluate(() => {
    const part = (value: object) => btoa(JSON.stringify(value));
    // The first retry comes within a second.
    Math.random = () => 0.1;
    window.start();
    const claims = { sub: "u1", exp: Date.now() / 1_000 + 3_600 };
    window.cairn.identify("u1", {}, { token: `${part({ alg: "HS256" })}.${part(claims)}.x` });
  });
const silence = (page: Page) =>
  page.evaluate(async () => {
    const { errors } = await window.cairn.explain();
    return [...window.mishaps, ...window.warnings, ...errors];
  });

/** All of them in `pnpm soak`; two in `npm test`, one at either end of a connection. */
const FAULTS = process.env.CAIRN_SOAK
  ? ["dns", "refused", "reset mid-body", "hang", "redirect"]
  : ["refused", "reset mid-body"];
let cells = 0;
for (const name of FAULTS)
  test(`where the fault is "${name}", nothing is lost and nobody hears of it`, async ({ browser }) => {
    test.setTimeout(180_000);
    const site = await serveSite();
    await Promise.all(
      MOMENTS.map(async (moment) => {
        const api = await serveSite();
        const context = await browser.newContext();
        try {
          const fault = name === "dns" ? await createDnsFault(context, api) : createFault(name, api);
          const key = `pk_${moment}`;
          const url = `${site.url}/?wait&key=${key}&host=${encodeURIComponent(fault.host)}`;
          const count = () => (api.stored.get(key) ?? []).filter(({ event }) => event === "cell").length;
          const open = async () => {
            const page = await context.newPage();
            await page.goto(url);
            await page.waitForSelector("html[data-ready]");
            return page;
          };
          const card = (page: Page) => page.locator("cairn-root .card");

          const page = await open();
          const times = asked(page);
          if (moment === "boot") await fault.bad();
          await start(page);
          if (moment !== "boot") {
            await expect(card(page)).toBeVisible({ timeout: 30_000 });
            // What was under way has come to its end.
            await expect.poll(() => api.stored.get(key)?.length ?? 0).toBeGreaterThan(1);
            await fault.bad();
          }
          const before = times("POST /v1/batch");
          await page.evaluate(() => window.cairn.track("cell"));
          if (moment === "unload") {
            await page.goto(`${site.url}/?wait&elsewhere`);
            await page.close();
            await fault.good();
          } else {
            await expect.poll(() => times("POST /v1/batch"), { timeout: 30_000 }).toBeGreaterThan(before);
            expect(times("GET /v1/config")).toBeGreaterThan(0);
            if (moment === "boot") expect(times("GET /v1/state")).toBeGreaterThan(0);
            expect(await silence(page)).toEqual([]);
            expect((await page.evaluate(() => window.cairn.explain())).config).toBe(moment === "running");
            await expect(card(page)).toHaveCount(moment === "running" ? 1 : 0);
            await fault.good();
            // Events: again, on the same page.
            await expect.poll(count, { timeout: 30_000 }).toBe(1);
            expect(await silence(page)).toEqual([]);
            await page.close();
          }
          // The next page has the definitions, sends what waits, and tells the state.
          const next = await open();
          await start(next);
          expect((await next.evaluate(() => window.cairn.explain())).storage).toBe("indexeddb");
          await expect
            .poll(() => next.evaluate(async () => (await window.cairn.explain()).config))
            .toBe(true);
          await expect.poll(count, { timeout: 30_000 }).toBe(1);
          await next.evaluate(() => window.cairn.track("next"));
          await expect
            .poll(
              () =>
                api.requests.filter(({ route, body }) => route === "state" && body.includes("cell")).length,
              { timeout: 40_000 },
            )
            .toBeGreaterThan(0);
          expect(await silence(next)).toEqual([]);
          cells += ROUTES.length;
        } finally {
          await context.close();
          await api.close();
        }
      }),
    );
    await site.close();
    expect(cells % 9).toBe(0);
    console.log(`${name}: 9 cells`);
  });
