// @vitest-environment happy-dom
import type { GuardReason } from "@cairn/engine";
import { resolveSettings } from "@cairn/flow-schema";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFakeClock, type FakeClock } from "../testing.ts";
import { createListen } from "./listen.ts";
import { createMutations, type Mutations } from "./mutations.ts";
import { watchGuard } from "./watch-guard.ts";

const listen = createListen((fn) => fn());
let clock: FakeClock;
let mutations: Mutations;
let told: string[];
let watch: { dispose(): void };

function begin(settings = {}, before: { typedAt?: number; told?: Map<GuardReason, unknown> } = {}): void {
  watch = watchGuard({
    document,
    clock,
    mutations,
    settings: resolveSettings({ guard: settings }).guard,
    listen,
    ...before,
    inside: (modal) =>
      [...modal.querySelectorAll("[data-cairn]")].map((one) => one.getAttribute("data-cairn") ?? ""),
    changed: (reason, on, except) =>
      told.push(`${on ? "+" : "-"}${reason}${except?.length ? `:${except}` : ""}`),
  });
}
beforeEach(() => {
  document.body.innerHTML = `<input id="text"><input id="box" type="checkbox"><button id="button">b</button>`;
  clock = createFakeClock();
  mutations = createMutations({ document, clock, guard: (fn) => fn, listen, stopwatch: () => 0 });
  told = [];
});
afterEach(() => {
  watch.dispose();
  mutations.dispose();
});
const fire = (id: string, event: Event) => document.getElementById(id)?.dispatchEvent(event);
const bubbles = { bubbles: true, composed: true };

describe("moments when nothing may open", () => {
  it("last from the first key in a field until two seconds after the last", async () => {
    begin();
    fire("text", new InputEvent("input", bubbles));
    await clock.advance(1_500);
    fire("text", new KeyboardEvent("keydown", bubbles));
    await clock.advance(1_999);
    expect(told).toEqual(["+typing"]);
    await clock.advance(1);
    expect(told).toEqual(["+typing", "-typing"]);
  });

  it("do not begin with a key on a button or a click on a checkbox", () => {
    begin();
    fire("button", new KeyboardEvent("keydown", bubbles));
    fire("box", new InputEvent("input", bubbles));
    expect(told).toEqual([]);
  });

  it("last as long as the pointer drags, and a click is no drag", () => {
    begin();
    fire("button", new PointerEvent("pointerdown", { ...bubbles, clientX: 10, clientY: 10 }));
    fire("button", new PointerEvent("pointermove", { ...bubbles, clientX: 12, clientY: 12 }));
    fire("button", new PointerEvent("pointerup", bubbles));
    expect(told).toEqual([]);
    fire("button", new PointerEvent("pointerdown", { ...bubbles, clientX: 10, clientY: 10 }));
    fire("button", new PointerEvent("pointermove", { ...bubbles, clientX: 60, clientY: 10 }));
    fire("button", new PointerEvent("pointerup", bubbles));
    expect(told).toEqual(["+drag", "-drag"]);
  });

  it("last while the host has a modal open, and name the targets inside", async () => {
    begin();
    const dialog = document.createElement("div");
    dialog.innerHTML = `<button data-cairn="confirm">ok</button>`;
    dialog.setAttribute("aria-modal", "true");
    dialog.getClientRects = () => [new DOMRect(0, 0, 9, 9)] as unknown as DOMRectList;
    document.body.append(dialog);
    mutations.nudge();
    await clock.advance(50);
    expect(told).toEqual(["+hostModal:confirm"]);
    dialog.remove();
    mutations.nudge();
    await clock.advance(50);
    expect(told).toEqual(["+hostModal:confirm", "-hostModal"]);
  });

  it("are only those that the settings ask for", async () => {
    begin({ typing: false, drag: false });
    fire("text", new InputEvent("input", bubbles));
    fire("button", new Event("dragstart", bubbles));
    expect(told).toEqual([]);
  });

  it("are told no more after the watch", () => {
    begin();
    watch.dispose();
    fire("text", new InputEvent("input", bubbles));
    expect(told).toEqual([]);
  });

  it("go on without a gap where one watch follows another", async () => {
    const before = new Map<GuardReason, unknown>();
    begin({}, { told: before });
    (document.getElementById("text") as HTMLElement).focus();
    fire("text", new InputEvent("input", bubbles));
    const typedAt = clock.now();
    await clock.advance(500);
    watch.dispose();
    begin({}, { told: before, typedAt });
    expect(told).toEqual(["+typing"]);
    await clock.advance(1_499);
    expect(told).toEqual(["+typing"]);
    await clock.advance(1);
    expect(told).toEqual(["+typing", "-typing"]);
  });
});
