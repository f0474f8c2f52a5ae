// @vitest-environment happy-dom
import type { Config } from "@cairn/flow-schema";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fakeBrowser } from "../../test/fake-browser.ts";
import type { Cairn } from "../api.ts";
import { createClient } from "../client.ts";
import { createPreview } from "./create-preview.ts";

/** What a preview has of its own that the page calls: two timers and a button. The page has broken what they use. */
const config = {
  schemaVersion: 1,
  environment: "test",
  flows: [
    {
      schemaVersion: 1,
      id: "draft",
      kind: "tooltip",
      trigger: { event: "never" },
      steps: [{ id: "one", title: "Hi", target: { anchor: "nowhere" } }],
    },
  ],
  settings: { budget: null },
} as unknown as Config;

const boom = (): never => {
  throw new Error("broken by the page");
};
let answer: () => Response;
let page: ReturnType<typeof fakeBrowser>;
let cairn: Cairn | undefined;
const undo: (() => void)[] = [];
beforeEach(() => {
  page = fakeBrowser({ config, answer: (url) => (url.includes("/v1/preview") ? answer() : undefined) });
  sessionStorage.setItem("cairn-preview", "token");
});
afterEach(() => {
  for (const step of undo.splice(0)) step();
  cairn?.destroy();
  sessionStorage.clear();
  for (const root of document.querySelectorAll("cairn-preview")) root.remove();
});
async function open(): Promise<void> {
  const options = { key: "pk_test", host: "https://cairn.test", debug: true };
  const coming = createPreview(options, page.platform, createClient);
  await page.clock.advance(100);
  cairn = await coming;
}
/** Until the test is over. */
function breakMethod(owner: object, name: string): void {
  const own = Object.getOwnPropertyDescriptor(owner, name) as PropertyDescriptor;
  Object.defineProperty(owner, name, { ...own, value: boom });
  undo.push(() => Object.defineProperty(owner, name, own));
}
const mark = () => document.querySelector("cairn-preview")?.shadowRoot;
const told = () => page.warnings.filter((words) => words === "cairn: internal error (ui)");

it("a notice that cannot be taken away stays, and nobody hears of it", async () => {
  answer = () => new Response("{}", { status: 401 });
  await open();
  expect(mark()?.textContent).toContain("This preview has ended");
  breakMethod(Element.prototype, "remove");
  await page.clock.advance(10_000);
  expect(told()).toHaveLength(1);
});

it("a mark that cannot say why the draft is not there says nothing", async () => {
  answer = () => new Response(JSON.stringify({ ...config, preview: { flow: "draft" } }));
  await open();
  const more = mark()?.querySelector(".more") as HTMLElement;
  Object.defineProperty(more, "textContent", { set: boom });
  await page.clock.advance(2_000);
  expect(told()).toHaveLength(1);
});

it("a button that cannot leave the preview costs the host no error", async () => {
  answer = () => new Response(JSON.stringify({ ...config, preview: { flow: "draft" } }));
  await open();
  breakMethod(Object.getPrototypeOf(window.location), "reload");
  const button = mark()?.querySelector("button");
  expect(() => button?.onclick?.(new PointerEvent("click"))).not.toThrow();
  expect(told()).toHaveLength(1);
});
