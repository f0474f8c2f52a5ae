// @vitest-environment happy-dom
import type { Config } from "@cairn/flow-schema";
import { afterEach, beforeEach, expect, it } from "vitest";
import { fakeBrowser } from "../test/fake-browser.ts";
import type { Cairn } from "./api.ts";
import { createClient } from "./client.ts";

/** What calls the SDK back: timers, observers, other tabs, tasks. The page has broken what is used inside. */
const config = {
  schemaVersion: 1,
  environment: "test",
  flows: [
    {
      schemaVersion: 1,
      id: "hello",
      kind: "tooltip",
      trigger: { event: "never" },
      steps: [{ id: "one", title: "Hello" }],
    },
  ],
  settings: { budget: null },
} as unknown as Config;

const boom = (): never => {
  throw new Error("broken by the page");
};
const undo: (() => void)[] = [];
/** Breaks what an object's property says, until the test is over. */
function breakGetter(owner: object, name: string): void {
  const own = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { configurable: true, get: boom });
  undo.push(() => {
    if (own) Object.defineProperty(owner, name, own);
    else Reflect.deleteProperty(owner, name);
  });
}

const rejections: unknown[] = [];
const hear = (error: unknown) => void rejections.push(error);
let cairn: Cairn | undefined;
let page: ReturnType<typeof fakeBrowser>;
/** What the browser hands in from other tabs. */
let channel: { onmessage?: (event: { data: unknown }) => void } | undefined;
let breaks: "timers" | "randomness" | undefined;
beforeEach(async () => {
  process.on("unhandledRejection", hear);
  page = fakeBrowser({ config });
  const { clock, fill } = page.platform;
  const { BroadcastChannel } = window;
  class Channel {
    onmessage?: (event: { data: unknown }) => void;
    constructor() {
      channel = this;
    }
    postMessage() {}
    close() {}
  }
  Object.assign(window, { BroadcastChannel: Channel });
  undo.push(() => Object.assign(window, { BroadcastChannel }));
  breaks = undefined;
  cairn = createClient(
    { key: "pk_test", host: "https://cairn.test", debug: true },
    {
      ...page.platform,
      clock: {
        ...clock,
        after: (...args) => (breaks === "timers" ? boom() : clock.after(...args)),
      },
      fill: (bytes) => (breaks === "randomness" ? boom() : fill(bytes)),
    },
  );
  cairn.start("hello", { force: true });
  await page.clock.advance(1_000);
  expect(page.shown[0]).toBe("show hello/one");
});
afterEach(async () => {
  for (const step of undo.splice(0)) step();
  cairn?.destroy();
  await new Promise(setImmediate);
  process.off("unhandledRejection", hear);
  expect(rejections.splice(0)).toEqual([]);
});
const told = (code: string) => expect(page.warnings).toEqual([`cairn: internal error (${code})`]);

it("a timer that throws is told, and reaches nobody", async () => {
  window.dispatchEvent(new Event("resize"));
  breakGetter(window, "innerWidth");
  await page.clock.advance(1_000);
  told("timer");
});

it("an observer that throws is told, and leaves the host's own call as it was", () => {
  breaks = "timers";
  history.pushState({}, "", "#elsewhere");
  expect(location.hash).toBe("#elsewhere");
  told("observer");
});

it("what another tab says may fail here: that is told, and reaches nobody", () => {
  breakGetter(document, "visibilityState");
  channel?.onmessage?.({ data: { ask: "pk_test|word" } });
  told("capture");
});

it("a task that throws is told, and the next is done", async () => {
  breaks = "randomness";
  cairn?.reset();
  await page.clock.advance(100);
  breaks = undefined;
  told("api");
  cairn?.track("after");
  await page.clock.advance(2_000);
  expect(page.events()).toContain("after");
});
