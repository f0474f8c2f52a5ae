// @vitest-environment happy-dom
import type { Config } from "@cairn/flow-schema";
import { afterEach, expect, it } from "vitest";
import { fakeBrowser } from "../test/fake-browser.ts";
import type { Cairn } from "./api.ts";
import { createClient } from "./client.ts";
import { SDK_VERSION } from "./version.ts";

const configFor = (minSdk: string | null) =>
  ({
    schemaVersion: 1,
    environment: "test",
    flows: [{ schemaVersion: 1, id: "hello", kind: "tooltip", steps: [{ id: "one", title: "Hello" }] }],
    settings: { budget: null, identity: { settle: "0s" }, minSdk },
  }) as unknown as Config;

let cairn: Cairn | undefined;
afterEach(() => cairn?.destroy());

async function open(minSdk: string | null) {
  const page = fakeBrowser({ config: configFor(minSdk) });
  cairn = createClient({ key: "pk_test", host: "https://cairn.test", debug: true }, page.platform);
  await page.clock.advance(1_000);
  return page;
}

const [major = 0, minor = 0, patch = 0] = SDK_VERSION.split(".").map(Number);
const ROWS: readonly [minSdk: string | null, guides: boolean][] = [
  [null, true],
  [SDK_VERSION, true],
  ["0.0.0", true],
  [`${major}.${minor}.${patch + 1}`, false],
  [`${major}.${minor}.${patch + 10}`, false],
  [`${major}.${minor + 1}.0`, false],
  // By numbers, not by letters.
  [`${major}.${minor + 10}.0`, false],
  [`${major + 1}.0.0`, false],
  [`${major + 10}.0.0`, false],
];

it.each(ROWS)("with minSdk %s, whether this version guides: %s", async (minSdk, guides) => {
  const page = await open(minSdk);
  expect(page.shown[0]).toBe(guides ? "show hello/one" : undefined);
  expect((await cairn?.explain())?.enabled).toBe(guides);
  expect(page.warnings).toEqual([]);
});

it("is asked of every version anew: an older one stops while it runs, and still tells what happens", async () => {
  const page = await open(null);
  expect(page.shown[0]).toBe("show hello/one");
  page.publish(configFor(`${major + 1}.0.0`));
  await page.clock.advance(5 * 60_000);
  // Off the page, and all that drew it with it.
  expect(page.shown.slice(1)).toContain("dispose");
  cairn?.track("still.told");
  await page.clock.advance(2_000);
  expect(page.events()).toContain("still.told");
  page.publish(configFor(SDK_VERSION));
  await page.clock.advance(5 * 60_000);
  expect((await cairn?.explain())?.enabled).toBe(true);
});
