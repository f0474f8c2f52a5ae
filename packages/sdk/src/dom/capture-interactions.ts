import type { Interaction, Target, TargetKey } from "@cairn/flow-schema";
import { findTarget, type Roots } from "./find-target.ts";

export interface InteractionTarget {
  readonly key: TargetKey;
  readonly target: Target;
  readonly action: Interaction;
}

const EVENTS = { click: "click", focus: "focusin", input: "input", hover: "pointerover" };
/** Cairn's own elements: what a person does in a hint is no use of the product. */
const OWN_PREFIX = "cairn-";

export interface InteractionCapture {
  /** Listens for exactly these from now on. */
  watch(interactions: readonly InteractionTarget[]): void;
  dispose(): void;
}

/**
 * Tells when a person clicks, focuses, types into or points at one of the targets. Listens in the capture phase, so
 * that a host that stops its events is heard too; reads no values and changes nothing.
 */
export function createInteractionCapture(ports: {
  document: Document;
  roots: Roots;
  /** Runs each listener; what throws ends there. */
  run: (fn: () => void) => void;
  seen(action: Interaction, keys: readonly TargetKey[]): void;
}): InteractionCapture {
  const { document, roots, run, seen } = ports;
  const options = { capture: true, passive: true };
  let undo: (() => void)[] = [];

  function hits(wanted: readonly InteractionTarget[], event: Event): TargetKey[] {
    const path = event.composedPath().filter((node) => node instanceof Element);
    if (path.some((element) => element.localName.startsWith(OWN_PREFIX))) return [];
    const anchors = path.map((element) => element.getAttribute("data-cairn"));
    return wanted
      .filter(
        ({ target }) =>
          // Most targets are plain anchors, and most events hit none of them: no query of the page for those.
          (target.anchor === undefined || target.fallback?.length || anchors.includes(target.anchor)) &&
          findTarget(roots, target, (element) => path.includes(element)),
      )
      .map(({ key }) => key);
  }
  function dispose(): void {
    for (const step of undo) step();
    undo = [];
  }

  return {
    watch(interactions) {
      dispose();
      for (const [name, type] of Object.entries(EVENTS)) {
        const action = name as Interaction;
        const wanted = interactions.filter((one) => one.action === action);
        if (wanted.length === 0) continue;
        let before: TargetKey[] = [];
        const listener = (event: Event) =>
          run(() => {
            const keys = hits(wanted, event);
            // The pointer enters an element once, however many of its children it crosses.
            const fresh = keys.filter((key) => action !== "hover" || !before.includes(key));
            before = keys;
            if (fresh.length > 0) seen(action, fresh);
          });
        document.addEventListener(type, listener, options);
        undo.push(() => document.removeEventListener(type, listener, options));
      }
    },
    dispose,
  };
}
