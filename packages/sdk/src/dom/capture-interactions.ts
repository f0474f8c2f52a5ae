import type { Interaction, Target, TargetKey } from "@cairn/flow-schema";
import { findTarget, selectorsOf } from "./find-target.ts";
import type { Listen } from "./listen.ts";
import { OWN_PREFIX } from "./trees.ts";

export interface InteractionTarget {
  readonly key: TargetKey;
  readonly target: Target;
  readonly action: Interaction;
}

const EVENTS = { click: "click", focus: "focusin", input: "input", hover: "pointerover" };

export interface InteractionCapture {
  /** Listens for exactly these from now on. */
  watch(interactions: readonly InteractionTarget[]): void;
  dispose(): void;
}

/** Tells when a person clicks, focuses, types into or points at one of the targets. Reads no values, changes nothing. */
export function createInteractionCapture(ports: {
  document: Document;
  listen: Listen;
  seen(action: Interaction, keys: readonly TargetKey[]): void;
}): InteractionCapture {
  const undo: (() => void)[] = [];

  function hits(wanted: readonly InteractionTarget[], event: Event): TargetKey[] {
    const whole = event.composedPath() as Partial<Element>[];
    const path = whole.filter((node): node is Element => node.localName !== undefined);
    // What a person does in a hint is no use of the product.
    if (path.some((element) => element.localName.startsWith(OWN_PREFIX))) return [];
    // The document, and the open shadow roots that it happened in.
    const trees = whole.filter((node) => node.nodeType && !node.localName).reverse() as ParentNode[];
    const isHit = ({ target }: InteractionTarget) =>
      // Most events hit no target: no query of the page for those.
      path.some((element) => selectorsOf(target).some((selector) => matches(element, selector))) &&
      findTarget(trees, target, (element) => path.includes(element));
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

function matches(element: Element, selector: string): boolean {
  try {
    return element.matches(selector);
  } catch {
    return false;
  }
}
