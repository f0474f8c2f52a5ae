// @vitest-environment happy-dom
import type { Config } from "@cairn/flow-schema";
import { afterEach, expect, it } from "vitest";
import { fakeBrowser } from "../test/fake-browser.ts";
import type { Cairn, CairnOptions } from "./api.ts";
import { createClient } from "./client.ts";

const HOST = "https://cairn.test";
const flow = { schemaVersion: 1, id: "hi", kind: "tooltip", steps: [{ id: "s", title: "Hi" }] };
const SOUND = { schemaVersion: 1, environment: "test", flows: [flow], settings: { budget: null } };
const ODD = [null, 7, "x", true, [], [null], [7], {}, { a: null }];
const FIELDS = ["flows", "features", "segments", "settings"];

let cairn: Cairn | undefined;
afterEach(() => cairn?.destroy());

/** What is stored of an event, and what Cairn says of itself. */
async function live(page: ReturnType<typeof fakeBrowser>, one: Cairn) {
  one.track("before");
  await page.clock.advance(1_000);
  one.track("after");
  await page.clock.advance(5_000);
  const known = [...page.values.values(), ...page.stored].map(
    (value) => (value as { event?: string })?.event,
  );
  const { errors, enabled } = await one.explain();
  return { kept: ["before", "after"].every((event) => known.includes(event)), errors, enabled };
}

/** Where definitions come from; in local mode nothing is stored, so that only errors can tell. */
const WAYS: { readonly [way: string]: (config: Config) => [options: CairnOptions, published?: Config] } = {
  server: (config) => [{ key: "pk", host: HOST, debug: true }, config],
  page: (definitions) => [{ key: "pk", host: HOST, debug: true, privacy: { definitions } }],
  local: (config) => [{ config, debug: true }],
};

it("keeps events, whatever shape the definitions have", async () => {
  let cases = 0;
  let refused = 0;
  for (const [way, optionsFor] of Object.entries(WAYS))
    for (const field of [...FIELDS, ""])
      for (const odd of ODD) {
        const [options, config] = optionsFor((field ? { ...SOUND, [field]: odd } : odd) as Config);
        const page = fakeBrowser(config ? { config } : {});
        cairn = createClient(options, page.platform);
        const { kept, errors } = await live(page, cairn);
        cairn.destroy();
        cases++;
        if (errors.length) refused++;
        const what = `${way} ${field}: ${JSON.stringify(odd)}`;
        expect([what, kept, errors.filter((code) => code !== "config")]).toEqual([what, way !== "local", []]);
        // Told once, and once only: the third within a minute would switch Cairn off.
        expect([what, page.warnings.length <= 1]).toEqual([what, true]);
      }
  expect(cases).toBe(135);
  expect(refused).toBeGreaterThan(20);
});

it("keeps events where the server's definitions are of a wrong shape, and says so once", async () => {
  const page = fakeBrowser({ config: { ...SOUND, features: 7 } as unknown as Config });
  cairn = createClient({ key: "pk", host: HOST, debug: true }, page.platform);
  expect(await live(page, cairn)).toEqual({ kept: true, errors: ["config"], enabled: true });
  expect(page.warnings).toEqual(["cairn: internal error (config)"]);
});

it("keeps the definitions that it has, where newer ones are of a wrong shape", async () => {
  const page = fakeBrowser({ config: { ...SOUND, flows: [] } as unknown as Config });
  cairn = createClient({ key: "pk", host: HOST, debug: true }, page.platform);
  await page.clock.advance(1_000);
  page.publish({ ...SOUND, segments: [null] } as unknown as Config);
  await page.clock.advance(300_000);
  expect((await cairn.explain()).errors).toEqual(["config"]);
  // Loads the engine's other parts, for which definitions are compiled anew: each time from what is sound.
  cairn.preferences();
  await page.clock.advance(1_000);
  expect(await live(page, cairn)).toEqual({ kept: true, errors: ["config"], enabled: true });
  page.publish(SOUND as unknown as Config);
  await page.clock.advance(300_000);
  cairn.start("hi");
  await page.clock.advance(1_000);
  expect(page.shown).toContain("show hi/s");
});
