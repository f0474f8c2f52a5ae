// @vitest-environment happy-dom
import type { Config } from "@cairn/flow-schema";
import { afterEach, expect, it } from "vitest";
import { fakeBrowser } from "../test/fake-browser.ts";
import type { Cairn } from "./api.ts";
import { createClient } from "./client.ts";
import type { Ui } from "./ports.ts";

const flow = (id: string, kind: string) => ({
  schemaVersion: 1,
  id,
  kind,
  trigger: { event: "never" },
  steps: [{ id: "s", title: id }],
});
const config = {
  schemaVersion: 1,
  environment: "test",
  flows: [flow("one", "slideout"), flow("two", "banner"), flow("three", "tooltip")],
  settings: { budget: null },
} as unknown as Config;

let cairn: Cairn | undefined;
afterEach(() => cairn?.destroy());

/** A page whose UIs can be told to fail, and that knows which of them are on it. */
async function started() {
  const page = fakeBrowser({ config });
  const onPage = new Set<Ui>();
  let fails = false;
  let made = 0;
  const { loadScreen } = page.platform;
  cairn = createClient(
    { key: "pk_test", host: "https://cairn.test", debug: true },
    {
      ...page.platform,
      async loadScreen() {
        const screen = await loadScreen();
        const createUi: typeof screen.createUi = (ports) => {
          made++;
          const inner = screen.createUi(ports);
          const act =
            <A extends unknown[]>(fn: (...args: A) => void) =>
            (...args: A) => {
              if (fails) throw new Error("cannot draw");
              fn(...args);
            };
          const ui: Ui = {
            ...inner,
            show: act(inner.show),
            update: act(inner.update),
            hide: act(inner.hide),
            dispose() {
              inner.dispose();
              onPage.delete(ui);
            },
          };
          onPage.add(ui);
          return ui;
        };
        return { ...screen, createUi };
      },
    },
  );
  const open = async (id: string) => {
    cairn?.start(id, { force: true });
    await page.clock.advance(100);
  };
  await open("one");
  expect(page.shown[0]).toBe("show one/s");
  return {
    page,
    open,
    onPage,
    made: () => made,
    fail: () => {
      fails = true;
    },
  };
}

it("takes a UI that fails off the page with the hint that it has drawn, and goes on with another", async () => {
  const { open, onPage, fail, made } = await started();
  fail();
  await open("two");
  expect([onPage.size, made()]).toEqual([0, 1]);
  await open("three");
  expect([onPage.size, made()]).toEqual([0, 2]);
  expect((await cairn?.explain())?.errors).toEqual(["ui"]);
});

it("leaves no UI behind when the third failure switches Cairn off", async () => {
  const { page, open, onPage, fail, made } = await started();
  fail();
  for (const id of ["two", "three", "one", "two", "three"]) await open(id);
  expect([onPage.size, made()]).toEqual([0, 3]);
  expect(page.shown.filter((what) => what === "dispose")).toHaveLength(3);
  expect(page.clock.pending()).toBe(0);
});

it("leaves no UI behind where several calls fail at once, nor where Cairn is destroyed after that", async () => {
  const { page, onPage, fail } = await started();
  fail();
  // The second is shown in the place of the first: two calls to the UI in one turn.
  cairn?.start("two", { force: true });
  cairn?.stop();
  cairn?.start("three", { force: true });
  await page.clock.advance(100);
  expect(onPage.size).toBe(0);
  cairn?.destroy();
  await page.clock.advance(100);
  expect(onPage.size).toBe(0);
});

it("tells a failing callback of the UI's once, and takes the UI down", async () => {
  const { page, onPage } = await started();
  page.ui().guard(() => {
    throw new Error("in a key handler");
  })();
  await page.clock.advance(100);
  expect(onPage.size).toBe(0);
  expect(page.warnings).toEqual(["cairn: internal error (ui)"]);
  expect(cairn?.decisions().at(-1)?.flow).toBe("one");
});
