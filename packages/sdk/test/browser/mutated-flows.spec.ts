import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { FLOW_KINDS } from "../../../flow-schema/src/flow.ts";
import { payloadFlow } from "../content/flows.ts";
import { chance, mutate } from "../content/mutate.ts";
import { openSdkPage } from "../content/sdk-page.ts";

const FULL = process.env.CAIRN_SOAK === "1";
const FLOWS = FULL ? 10_000 : 300;
const BATCH = 50;

const folder = new URL("../../../../examples/flows/", import.meta.url);
/** Flows of a real team, and one of each kind. */
const sound: readonly object[] = [
  ...readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as object),
  ...FLOW_KINDS.map((kind) => payloadFlow(kind, kind, "words")),
];

test("flows that were mutated cost the host no exception, and leave no node and no listener behind", async ({
  page,
}) => {
  test.setTimeout(FULL ? 3_600_000 : 240_000);
  // Counted from before the SDK is there.
  await page.addInitScript(countListeners);
  await openSdkPage(page);
  const random = chance(11);
  let shown = 0;
  for (let from = 0; from < FLOWS; from += BATCH) {
    const flows = Array.from({ length: BATCH }, (_, i) =>
      mutate(structuredClone(sound[(from + i) % sound.length] ?? {}), random),
    );
    const found = await page.evaluate(playAll, flows);
    expect(found.left, `after flows from ${from}`).toEqual(found.before);
    shown += found.shown;
  }
  expect(await page.evaluate(() => window.mishaps)).toEqual([]);
  console.log(`${FLOWS} mutated flows, ${shown} times something on screen`);
  // Mutation must not have spoilt them all.
  expect(shown).toBeGreaterThan(FLOWS / 5);
});

test("a hint that cannot be drawn takes what is on screen away with it, and leaves nothing behind", async ({
  page,
}) => {
  await page.addInitScript(countListeners);
  await openSdkPage(page);
  const left = await page.evaluate(async () => {
    const { listening } = window as unknown as { listening: Map<string, number> };
    const census = () => JSON.stringify([...listening].filter(([, n]) => n !== 0).sort());
    const until = async (holds: () => boolean) => {
      for (let i = 0; i < 500 && !holds(); i++) await new Promise((done) => setTimeout(done, 10));
      return holds();
    };
    const before = census();
    const flow = (id: string, kind: string) => ({
      schemaVersion: 1,
      id,
      kind,
      steps: [{ id: "s", title: "T" }],
    });
    const flows = [flow("one", "slideout"), flow("two", "banner")];
    const cairn = window.createCairn({
      config: { schemaVersion: 1, environment: "broken", flows, settings: { budget: null } } as never,
    });
    const root = () => document.querySelector("cairn-root");
    cairn.start("one", { force: true });
    const shown = await until(() => !!root()?.shadowRoot?.querySelector(".slideout"));
    const insert = Node.prototype.insertBefore;
    // A page may have broken what drawing needs.
    Node.prototype.insertBefore = () => {
      throw new Error("broken");
    };
    cairn.start("two", { force: true });
    const gone = await until(() => !root());
    Node.prototype.insertBefore = insert;
    cairn.destroy();
    await until(() => census() === before);
    return { shown, gone, before, after: census() };
  });
  expect(left).toMatchObject({ shown: true, gone: true, after: left.before });
});

test("a hint that cannot be drawn once its chunk has come is no error of the host's page", async ({
  page,
}) => {
  await openSdkPage(page);
  await page.route("**/windows-*.js", async (route) => {
    await page.waitForFunction(() => document.querySelector("cairn-root"));
    await page.evaluate(() => {
      Node.prototype.insertBefore = () => {
        throw new Error("broken");
      };
    });
    await route.fallback();
  });
  await page.evaluate(() => {
    const flow = { schemaVersion: 1, id: "one", kind: "slideout", steps: [{ id: "s", title: "T" }] };
    const cairn = window.createCairn({
      config: { schemaVersion: 1, environment: "broken", flows: [flow], settings: { budget: null } } as never,
    });
    cairn.start("one", { force: true });
  });
  await page.waitForFunction(() => document.querySelector("cairn-root"));
  await page.waitForFunction(() => !document.querySelector("cairn-root"));
  expect(await page.evaluate(() => window.mishaps)).toEqual([]);
});

/** In the page: counts the listeners on everything that outlives a hint. */
function countListeners(): void {
  const listening = new Map<string, number>();
  Object.assign(window, { listening });
  const known = new WeakMap<object, Map<string, Set<unknown>>>();
  const { addEventListener: add, removeEventListener: remove } = EventTarget.prototype;
  const note = (target: EventTarget, type: string, fn: unknown, options: unknown, by: 1 | -1) => {
    if (target !== window && !(target instanceof Document) && !(target instanceof MediaQueryList)) return;
    const capture =
      typeof options === "object" ? !!(options as { capture?: boolean } | null)?.capture : !!options;
    const key = `${target.constructor.name} ${type} ${capture}`;
    const types = known.get(target) ?? new Map<string, Set<unknown>>();
    known.set(target, types);
    const set = types.get(key) ?? new Set();
    types.set(key, set);
    const before = set.size;
    if (by === 1) set.add(fn);
    else set.delete(fn);
    listening.set(key, (listening.get(key) ?? 0) + set.size - before);
  };
  EventTarget.prototype.addEventListener = function (this: EventTarget, ...args: Parameters<typeof add>) {
    const [type, fn, options] = args;
    const { signal } = (typeof options === "object" ? options : {}) as AddEventListenerOptions;
    note(this ?? window, type, fn, options, 1);
    signal?.addEventListener("abort", () => note(this ?? window, type, fn, options, -1));
    add.apply(this, args);
  } as typeof add;
  EventTarget.prototype.removeEventListener = function (
    this: EventTarget,
    ...args: Parameters<typeof remove>
  ) {
    note(this ?? window, args[0], args[1], args[2], -1);
    remove.apply(this, args);
  } as typeof remove;
}

/** In the page: lives a little with these flows, then destroys Cairn and looks at what is left. */
async function playAll(flows: object[]): Promise<{ shown: number; before: unknown; left: unknown }> {
  const { listening } = window as unknown as { listening: Map<string, number> };
  const census = () => ({
    nodes: document.querySelectorAll("*").length,
    shown: document.querySelector("cairn-root")?.shadowRoot?.textContent ?? "",
    listeners: Object.fromEntries([...listening].filter(([, n]) => n !== 0).sort()),
    globals: Object.keys(window).length,
  });
  const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
  const before = census();
  let shown = 0;
  const cairn = window.createCairn({
    config: { schemaVersion: 1, environment: "mutants", flows, settings: { budget: null } } as never,
  });
  cairn.on("navigate", () => true);
  cairn.identify("somebody", { name: "Ann" });
  cairn.group("acme", { plan: "trial" });
  for (const [i, flow] of flows.entries()) {
    const { id } = flow as { id?: string };
    cairn.track("report.viewed", { n: 1 });
    // By hand, and every other one past its audience, too.
    cairn.start(id as string, { force: i % 2 === 0 });
    await wait(0);
    const buttons = document
      .querySelector("cairn-root")
      ?.shadowRoot?.querySelectorAll<HTMLElement>("[data-do=button], [data-do=item], [data-do=toggle]");
    if (buttons?.length) shown++;
    for (const button of buttons ?? []) button.click();
    await cairn.explain(id);
    cairn.setLocale(i % 2 === 0 ? "ru" : "en");
  }
  cairn.page("somewhere");
  cairn.reset();
  await wait(20);
  cairn.destroy();
  // What is under way comes to its end.
  for (let i = 0; i < 250 && JSON.stringify(census()) !== JSON.stringify(before); i++) await wait(20);
  return { shown, before, left: census() };
}
