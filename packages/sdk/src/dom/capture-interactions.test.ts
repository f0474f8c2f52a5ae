// @vitest-environment happy-dom
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  createInteractionCapture,
  type InteractionCapture,
  type InteractionTarget,
} from "./capture-interactions.ts";
import { createListen } from "./listen.ts";

let told: string[];
let capture: InteractionCapture;
const on = (action: InteractionTarget["action"], key: string, fallback?: string): InteractionTarget => ({
  key,
  action,
  target: fallback ? { anchor: key, fallback: [fallback] } : { anchor: key },
});

beforeEach(() => {
  document.body.innerHTML = `
    <div data-cairn="panel"><button id="export" data-cairn="export"><i id="icon"></i></button></div>
    <button id="old" class="save">Save</button>
    <input id="name" data-cairn="name" value="secret">
    <cairn-root id="root"><button id="hint" data-cairn="export">x</button></cairn-root>`;
  told = [];
  capture = createInteractionCapture({
    document,
    listen: createListen((fn) => fn()),
    seen: (action, keys) => told.push(`${action} ${keys.join(",")}`),
  });
});
afterEach(() => capture.dispose());
const fire = (id: string, type: string) =>
  document.getElementById(id)?.dispatchEvent(new Event(type, { bubbles: true, composed: true }));

it("tells a click on a target or inside it, once, with all targets it hit", () => {
  capture.watch([on("click", "export"), on("click", "panel"), on("click", "name")]);
  fire("icon", "click");
  expect(told).toEqual(["click export,panel"]);
});

it("hears what the host stops", () => {
  capture.watch([on("click", "export")]);
  document.getElementById("export")?.addEventListener("click", (event) => event.stopImmediatePropagation());
  fire("export", "click");
  expect(told).toEqual(["click export"]);
});

it("finds the target by its fallback where no element carries the anchor", () => {
  capture.watch([on("click", "save", ".save"), on("click", "export", "#old")]);
  fire("old", "click");
  expect(told).toEqual(["click save"]);
});

it("tells typing without reading what is typed", () => {
  capture.watch([on("input", "name"), on("focus", "name")]);
  const field = document.getElementById("name");
  Object.defineProperty(field, "value", {
    get() {
      throw new Error("read");
    },
  });
  fire("name", "focusin");
  fire("name", "input");
  expect(told).toEqual(["focus name", "input name"]);
});

it("tells pointing at an element once until the pointer has left it", () => {
  capture.watch([on("hover", "export")]);
  for (const id of ["export", "icon", "old", "export"]) fire(id, "pointerover");
  expect(told).toEqual(["hover export", "hover export"]);
});

it("passes over clicks in Cairn's own hints", () => {
  capture.watch([on("click", "export")]);
  fire("hint", "click");
  expect(told).toEqual([]);
});

it("listens for nothing that nobody asks about", () => {
  const added: string[] = [];
  const original = document.addEventListener;
  document.addEventListener = ((type: string, ...rest: [EventListener, AddEventListenerOptions]) => {
    added.push(type);
    original.call(document, type, ...rest);
  }) as typeof document.addEventListener;
  capture.watch([on("click", "export")]);
  document.addEventListener = original;
  expect(added).toEqual(["click"]);
  capture.watch([]);
  fire("export", "click");
  expect(told).toEqual([]);
});
