// @vitest-environment happy-dom
import { compile } from "@cairn/engine";
import type { Condition } from "@cairn/flow-schema";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createListen } from "../dom/listen.ts";
import { createFakeClock, type FakeClock } from "../testing.ts";
import type { Signal } from "./signal.ts";
import { createSignals, type Signals } from "./watch-signals.ts";

let clock: FakeClock;
let told: Signal[];
let signals: Signals;

/** Watches for what flows with these triggers ask. */
function follow(...triggers: Condition[]): void {
  const flows = triggers.map((trigger, i) => ({
    schemaVersion: 1,
    id: `flow-${i}`,
    kind: "tooltip",
    trigger,
    steps: [{ id: "one", title: "One" }],
  }));
  signals.follow(compile({ schemaVersion: 1, flows } as never));
}
const names = () =>
  told.map(({ name, for: ms, depth }) => [name, ms ?? depth].filter((one) => one !== undefined).join(" "));
const bubbles = { bubbles: true, composed: true, cancelable: true };
const click = (id: string, more: MouseEventInit = {}) =>
  document.getElementById(id)?.dispatchEvent(new MouseEvent("click", { ...bubbles, detail: 1, ...more }));
function setVisible(visible: boolean): void {
  Object.defineProperty(document, "visibilityState", {
    configurable: true,
    get: () => (visible ? "visible" : "hidden"),
  });
  document.dispatchEvent(new Event("visibilitychange"));
}
/** Mutation observers answer in a microtask of their own. */
const settle = () => new Promise((resolve) => queueMicrotask(() => resolve(undefined)));

beforeEach(() => {
  document.body.innerHTML = `
    <button id="save" data-cairn="save">Save</button><a id="off" aria-disabled="true">Off</a>
    <input id="mail" data-cairn="mail"><p id="text">Words</p><cairn-hint><button id="ours">Ours</button></cairn-hint>`;
  clock = createFakeClock();
  told = [];
  signals = createSignals({
    window: window as never,
    clock,
    guard: (fn) => fn,
    listen: createListen((fn) => fn()),
    trees: () => [document],
    seen: (signal) => told.push(signal),
  });
  setVisible(true);
});
afterEach(() => signals.dispose());

describe("signals", () => {
  it("cost nothing where nobody asks for them", async () => {
    follow({ event: "x" });
    click("save");
    await clock.advance(3_600_000);
    expect(told).toEqual([]);
  });

  it("tell each time of idleness that is asked for, once, and begin anew with the next touch", async () => {
    follow({ signal: "idle", for: "10s" }, { signal: "idle", for: "30s" }, { signal: "idle" });
    await clock.advance(9_999);
    document.dispatchEvent(new Event("pointermove"));
    await clock.advance(9_999);
    expect(names()).toEqual([]);
    await clock.advance(60_000);
    expect(names()).toEqual(["idle 10000", "idle 30000", "idle 60000"]);
    document.dispatchEvent(new Event("keydown"));
    await clock.advance(10_000);
    expect(names().slice(3)).toEqual(["idle 10000"]);
  });

  it("call nobody idle who is looking at another tab", async () => {
    follow({ signal: "idle", for: "10s" });
    await clock.advance(5_000);
    setVisible(false);
    await clock.advance(60_000);
    expect(names()).toEqual([]);
    setVisible(true);
    await clock.advance(9_999);
    expect(names()).toEqual([]);
    await clock.advance(1);
    expect(names()).toEqual(["idle 10000"]);
  });

  it("count the time on a page while it is in view, and anew on the next page", async () => {
    follow({ signal: "dwell", for: "20s" });
    await clock.advance(15_000);
    setVisible(false);
    await clock.advance(60_000);
    setVisible(true);
    document.dispatchEvent(new Event("pointermove"));
    await clock.advance(4_999);
    expect(names()).toEqual([]);
    await clock.advance(1);
    expect(names()).toEqual(["dwell 20000"]);
    await clock.advance(60_000);
    signals.moved();
    await clock.advance(20_000);
    expect(names()).toEqual(["dwell 20000", "dwell 20000"]);
  });

  it("see four quick clicks on one spot, once, and name the target", async () => {
    follow({ signal: "rage-click", target: { anchor: "save" } });
    for (let i = 0; i < 6; i++) {
      click("save", { clientX: 10 + i, clientY: 10 });
      await clock.advance(300);
    }
    expect(told).toEqual([{ name: "rage-click", targets: ["save"] }]);
    await clock.advance(5_000);
    for (let i = 0; i < 4; i++) click("save", { clientX: i * 40, clientY: 10 });
    for (let i = 0; i < 4; i++) click("mail");
    for (let i = 0; i < 4; i++) click("ours");
    for (let i = 0; i < 4; i++) click("save", { detail: 0 });
    expect(told).toHaveLength(1);
  });

  it("see a click after which nothing happens, on what looks as if something did", async () => {
    follow({ signal: "dead-click", target: { anchor: "save" } });
    click("save");
    await clock.advance(1_999);
    expect(told).toEqual([]);
    await clock.advance(1);
    expect(told).toEqual([{ name: "dead-click", targets: ["save"] }]);
    for (const id of ["text", "mail", "off", "ours"]) {
      click(id);
      await clock.advance(2_000);
    }
    expect(told).toHaveLength(1);
  });

  it("see no dead click where the page changes, scrolls, goes on or is left", async () => {
    follow({ signal: "dead-click" });
    const happenings = [
      () => document.body.append("!"),
      () => document.getElementById("save")?.setAttribute("aria-busy", "true"),
      () => document.dispatchEvent(new Event("scroll")),
      () => document.dispatchEvent(new Event("submit")),
      () => window.dispatchEvent(new Event("blur")),
      () => window.dispatchEvent(new Event("popstate")),
      () => signals.moved(),
    ];
    for (const happen of happenings) {
      click("save");
      happen();
      await settle();
      await clock.advance(2_000);
    }
    expect(told).toEqual([]);
  });

  it("see fields that are refused, those of one attempt as one signal", async () => {
    follow(
      { signal: "form-error", target: { anchor: "mail" } },
      { signal: "form-error", target: { anchor: "save" } },
    );
    const mail = document.getElementById("mail");
    mail?.dispatchEvent(new Event("invalid"));
    document.getElementById("save")?.dispatchEvent(new Event("invalid"));
    await clock.advance(0);
    expect(told).toEqual([{ name: "form-error", targets: ["mail", "save"] }]);
    for (const value of ["true", "true", "false", "true"]) mail?.setAttribute("aria-invalid", value);
    await settle();
    await clock.advance(0);
    expect(told.slice(1)).toEqual([{ name: "form-error", targets: ["mail"] }]);
  });

  it("tell the depths that are asked for as they are reached, once a page", async () => {
    follow({ signal: "scroll", depth: 50 }, { signal: "scroll", depth: 90 });
    const page = document.scrollingElement ?? document.documentElement;
    Object.defineProperty(document, "scrollingElement", { configurable: true, get: () => page });
    const scrollTo = async (top: number) => {
      for (const [name, value] of Object.entries({ scrollTop: top, clientHeight: 500, scrollHeight: 2_000 }))
        Object.defineProperty(page, name, { configurable: true, value });
      document.dispatchEvent(new Event("scroll"));
      await clock.advance(100);
    };
    await scrollTo(100);
    expect(names()).toEqual([]);
    await scrollTo(500);
    await scrollTo(0);
    await scrollTo(700);
    expect(names()).toEqual(["scroll 50"]);
    await scrollTo(1_500);
    expect(names()).toEqual(["scroll 50", "scroll 100"]);
    signals.moved();
    await scrollTo(1_500);
    expect(names().slice(2)).toEqual(["scroll 100"]);
    // A list within the page is not the page.
    signals.moved();
    document.getElementById("text")?.dispatchEvent(new Event("scroll"));
    await clock.advance(100);
    expect(names()).toHaveLength(3);
  });

  it("see the mouse leave at the top, once a page", () => {
    follow({ signal: "exit-intent" });
    const leave = (clientY: number, relatedTarget: Element | null = null) =>
      document.dispatchEvent(new MouseEvent("mouseout", { ...bubbles, clientY, relatedTarget }));
    leave(300);
    leave(-1, document.body);
    expect(told).toEqual([]);
    leave(-1);
    leave(-1);
    expect(names()).toEqual(["exit-intent"]);
    signals.moved();
    leave(0);
    expect(names()).toEqual(["exit-intent", "exit-intent"]);
  });

  it("go on counting where the same is asked again, and stop where nobody asks any more", async () => {
    follow({ signal: "dwell", for: "20s" });
    await clock.advance(15_000);
    follow({ signal: "dwell", for: "20s" });
    await clock.advance(5_000);
    expect(names()).toEqual(["dwell 20000"]);
    follow({ signal: "rage-click" });
    signals.moved();
    await clock.advance(60_000);
    expect(names()).toEqual(["dwell 20000"]);
    signals.dispose();
    for (let i = 0; i < 4; i++) click("save");
    expect(told).toHaveLength(1);
  });
});
