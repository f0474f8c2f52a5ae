import type { GuardReason } from "@cairn/engine";
import { type GuardSettings, parseDuration, type TargetKey } from "@cairn/flow-schema";
import type { Clock } from "../ports.ts";
import type { Listen } from "./listen.ts";
import type { Mutations } from "./mutations.ts";

/** A pointer that moves so far while pressed is dragging, not clicking. CSS pixels. */
const DRAG_PX = 8;
const TYPING_MS = 2_000;

const EDITABLE =
  "input:not([type=checkbox],[type=radio],[type=button],[type=submit],[type=reset],[type=range],[type=color])," +
  "textarea,[contenteditable]:not([contenteditable=false]),[role=textbox]";

/** The host's topmost modal: a real one, or one that says so to assistive technology. */
export function openModal(document: Document): Element | null {
  const modals = [...document.querySelectorAll('dialog:modal,[aria-modal="true"]')];
  return modals.reverse().find((modal) => modal.getClientRects().length > 0) ?? null;
}

/** Tells when moments in which nothing may open begin and end; only those that the settings ask for. */
export function watchGuard(ports: {
  document: Document;
  clock: Clock;
  mutations: Mutations;
  settings: Required<GuardSettings>;
  /** When something was typed before this began; epoch milliseconds. */
  typedAt?: number;
  /** What the watch before this one has told, so that one follows the other without a gap. */
  told?: Map<GuardReason, unknown>;
  listen: Listen;
  /** The targets that stand in this modal; hints for them may open. */
  inside(modal: Element): TargetKey[];
  changed(reason: GuardReason, on: boolean, except?: readonly TargetKey[]): void;
}): { dispose(): void } {
  const { document, clock, settings, told: on = new Map<GuardReason, unknown>() } = ports;
  const undo: (() => void)[] = [];

  function set(reason: GuardReason, value: unknown, except?: readonly TargetKey[]): void {
    if ((on.get(reason) || false) === (value || false)) return;
    on.set(reason, value);
    ports.changed(reason, !!value, except);
  }
  const hear = (types: string, listener: (event: Event) => void) =>
    undo.push(ports.listen(document, types, listener));
  /** A moment that these events begin and end. */
  const watch = (reason: "selection" | "fullscreen" | "hidden", types: string, isNow: () => unknown) => {
    if (!settings[reason]) return;
    const look = () => set(reason, !!isNow());
    hear(types, look);
    look();
  };

  if (settings.typing !== false) {
    const pause = parseDuration(settings.typing) ?? TYPING_MS;
    let cancel = () => {};
    const typed = (target: unknown, left: number): boolean => {
      // A key pressed on a button or on the page is a command, not text.
      if (left <= 0 || !(target instanceof Element) || !target.closest(EDITABLE)) return false;
      set("typing", true);
      cancel();
      cancel = clock.after(left, () => set("typing", false));
      return true;
    };
    hear("input keydown compositionstart", (event) => typed(event.composedPath()[0], pause));
    if (!typed(document.activeElement, (ports.typedAt ?? 0) + pause - clock.now())) set("typing", false);
    undo.push(() => cancel());
  }
  if (settings.drag) {
    let from: PointerEvent | undefined;
    hear("pointerdown pointermove dragstart", (event) => {
      const { type, clientX, clientY } = event as PointerEvent;
      if (type === "pointerdown") from = event as PointerEvent;
      const moved = from ? Math.hypot(clientX - from.clientX, clientY - from.clientY) : 0;
      if (type === "dragstart" || moved > DRAG_PX) set("drag", true);
    });
    hear("pointerup pointercancel dragend drop", ({ type }) => {
      from = undefined;
      // The browser takes a native drag over with a pointercancel: the drag goes on until dragend.
      if (type !== "pointercancel") set("drag", false);
    });
    set("drag", false);
  }
  if (settings.hostModal) {
    const look = () => {
      const modal = openModal(document);
      const except = modal ? ports.inside(modal) : [];
      // Told again when targets come or go inside it.
      set("hostModal", modal && JSON.stringify(except), except);
    };
    undo.push(ports.mutations.watch(look));
    look();
  }
  watch("selection", "selectionchange", () => document.getSelection()?.toString().trim());
  watch("fullscreen", "fullscreenchange", () => document.fullscreenElement);
  watch("hidden", "visibilitychange", () => document.visibilityState === "hidden");

  return {
    dispose() {
      for (const step of undo) step();
    },
  };
}
