import type { GuardReason } from "@cairn/engine";
import { type GuardSettings, parseDuration, type TargetKey } from "@cairn/flow-schema";
import type { Clock } from "../ports.ts";
import type { Mutations } from "./mutations.ts";

/** A pointer that moves so far while pressed is dragging, not clicking. CSS pixels. */
const DRAG_PX = 8;
const TYPING_MS = 2_000;

const EDITABLE =
  "input:not([type=checkbox],[type=radio],[type=button],[type=submit],[type=reset],[type=range],[type=color])," +
  "textarea,[contenteditable]:not([contenteditable=false]),[role=textbox]";

/** The host's topmost modal: a real one, or one that says so to assistive technology. */
export function openModal(document: Document): Element | null {
  const modals = document.querySelectorAll('dialog[open],[aria-modal="true"]');
  for (const modal of [...modals].reverse()) {
    if (modal.localName === "dialog" && isModal(modal)) return modal;
    if (modal.localName !== "dialog" && modal.getClientRects().length > 0) return modal;
  }
  return null;
}
function isModal(dialog: Element): boolean {
  try {
    return dialog.matches(":modal");
  } catch {
    return true;
  }
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
  run: (fn: () => void) => void;
  /** The targets that stand in this modal; hints for them may open. */
  inside(modal: Element): TargetKey[];
  changed(reason: GuardReason, on: boolean, except?: readonly TargetKey[]): void;
}): { dispose(): void } {
  const { document, clock, settings } = ports;
  const on = ports.told ?? new Map<GuardReason, unknown>();
  const undo: (() => void)[] = [];

  function set(reason: GuardReason, value: unknown, except?: readonly TargetKey[]): void {
    if ((on.get(reason) || false) === (value || false)) return;
    on.set(reason, value);
    ports.changed(reason, Boolean(value), except);
  }
  function listen(types: string, listener: (event: Event) => void): void {
    const guarded = (event: Event) => ports.run(() => listener(event));
    for (const type of types.split(" ")) {
      document.addEventListener(type, guarded, { capture: true, passive: true });
      undo.push(() => document.removeEventListener(type, guarded, { capture: true }));
    }
  }

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
    listen("input keydown compositionstart", (event) => typed(event.composedPath()[0], pause));
    if (!typed(document.activeElement, (ports.typedAt ?? 0) + pause - clock.now())) set("typing", false);
    undo.push(() => cancel());
  }
  if (settings.drag) {
    let from: { x: number; y: number } | undefined;
    listen("pointerdown", (event) => {
      from = { x: (event as PointerEvent).clientX, y: (event as PointerEvent).clientY };
    });
    listen("pointermove", (event) => {
      const { clientX, clientY } = event as PointerEvent;
      if (from && Math.hypot(clientX - from.x, clientY - from.y) > DRAG_PX) set("drag", true);
    });
    listen("dragstart", () => set("drag", true));
    const end = () => {
      from = undefined;
      set("drag", false);
    };
    listen("pointerup dragend drop", end);
    end();
    // The browser takes a native drag over with a pointercancel: the drag goes on until dragend.
    listen("pointercancel", () => {
      from = undefined;
    });
  }
  if (settings.selection) {
    const look = () => {
      const selection = document.getSelection();
      set("selection", selection !== null && !selection.isCollapsed && selection.toString().trim() !== "");
    };
    listen("selectionchange", look);
    look();
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
  if (settings.fullscreen) {
    const look = () => set("fullscreen", document.fullscreenElement);
    listen("fullscreenchange", look);
    look();
  }
  if (settings.hidden) {
    const look = () => set("hidden", document.visibilityState === "hidden");
    listen("visibilitychange", look);
    look();
  }

  return {
    dispose() {
      for (const step of undo) step();
    },
  };
}
