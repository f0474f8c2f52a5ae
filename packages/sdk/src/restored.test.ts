// @vitest-environment happy-dom
import type { Config } from "@cairn/flow-schema";
import { afterEach, expect, it } from "vitest";
import { fakeBrowser } from "../test/fake-browser.ts";
import type { Cairn } from "./api.ts";
import { createClient } from "./client.ts";

/** Pages that come back: test/browser/storage.spec.ts does it in Chromium, which tells of it twice; others tell once. */
const config = {
  schemaVersion: 1,
  environment: "test",
  flows: [{ schemaVersion: 1, id: "hello", kind: "slideout", steps: [{ id: "one", title: "Hello" }] }],
  settings: { budget: null, identity: { settle: "0s" } },
} as unknown as Config;

let cairn: Cairn | undefined;
afterEach(() => cairn?.destroy());

it.each([
  ["by pageshow alone, as Firefox and Safari", () => window.dispatchEvent(shown(true))],
  ["by resume alone, as a frozen tab of Chromium's", () => document.dispatchEvent(new Event("resume"))],
])("a page that is told so %s goes on where it was", async (_, comeBack) => {
  const page = fakeBrowser({ config });
  cairn = createClient({ key: "pk_test", host: "https://cairn.test", debug: true }, page.platform);
  await page.clock.advance(2_000);
  expect(page.shown[0]).toBe("show hello/one");
  window.dispatchEvent(new Event("pagehide"));
  await page.clock.advance(1_000);
  expect(page.shown.at(-1)).toBe("hide");
  comeBack();
  await page.clock.advance(5_000);
  expect(page.shown.slice(page.shown.lastIndexOf("hide"))).toContainEqual(
    expect.stringMatching(/^show hello/),
  );
  expect(page.warnings).toEqual([]);
});

it("one that is shown for the first time has nothing to go on with", async () => {
  const page = fakeBrowser({ config });
  cairn = createClient({ key: "pk_test", host: "https://cairn.test", debug: true }, page.platform);
  await page.clock.advance(2_000);
  window.dispatchEvent(shown(false));
  await page.clock.advance(5_000);
  expect(page.shown.filter((what) => what.startsWith("show"))).toEqual(["show hello/one"]);
});

function shown(persisted: boolean): Event {
  return Object.assign(new Event("pageshow"), { persisted });
}
