import type { Interaction, Target, TargetKey } from "@cairn/flow-schema";
import { findTarget, type Roots } from "./find-target.ts";
import type { Listen } from "./listen.ts";

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

/** Tells when a person clicks, focuses, types into or points at one of the targets. Reads no values, changes nothing. */
export function createInteractionCapture(ports: {
  document: Document;
  roots: Roots;
  listen: Listen;
  seen(action: Interaction, keys: readonly TargetKey[]): void;
}): InteractionCapture {
  const undo: (() => void)[] = [];

  function hits(wanted: readonly InteractionTarget[], event: Event): TargetKey[] {
    const path = event.composedPath().filter((node) => node instanceof Element);
    if (path.some((element) => element.localName.startsWith(OWN_PREFIX))) return [];
    const anchors = path.map((element) => element.getAttribute("data-cairn"));
    const isHit = ({ target }: InteractionTarget) =>
      // Most targets are plain anchors, and most events hit none of them: no query of the page for those.
      (target.anchor === undefined || target.fallback?.length || anchors.includes(target.anchor)) &&
      findTarget(ports.roots, target, (element) => path.includes(element));
    return wanted.filter(isHit).map(({ key }) => key);
  }
  const dispose = () => {
    for (const off of undo.splice(0)) off();
  };

  return {
    watch(interactions) {
      dispose();
      for (const [name, type] of Object.entries(EVENTS)) {
        const action = name as Interaction;
        const wanted = interactions.filter((one) => one.action === action);
        let before: TargetKey[] = [];
        const listener = (event: Event) => {
          const keys = hits(wanted, event);
          // The pointer enters an element once, however many of its children it crosses.
          const fresh = keys.filter((key) => action !== "hover" || !before.includes(key));
          before = keys;
          if (fresh.length) ports.seen(action, fresh);
        };
        if (wanted.length) undo.push(ports.listen(ports.document, type, listener));
      }
    },
    dispose,
  };
}
