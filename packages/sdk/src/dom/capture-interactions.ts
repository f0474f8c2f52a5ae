import type { Interaction, Target, TargetKey } from "@cairn/flow-schema";
import { findTarget, type Roots } from "./find-target.ts";

export interface InteractionTarget {
  readonly key: TargetKey;
  readonly target: Target;
  readonly action: Interaction;
}

const EVENTS = { click: "click", focus: "focusin", input: "input", hover: "pointerover" } as const;
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
  const { document } = ports;
  const byAction = new Map<Interaction, InteractionTarget[]>();
  let hovered = new Set<TargetKey>();

  function hits(action: Interaction, event: Event): TargetKey[] {
    const path = event.composedPath().filter((node): node is Element => node instanceof Element);
    if (path.some((element) => element.localName.startsWith(OWN_PREFIX))) return [];
    const anchors = new Set(path.map((element) => element.getAttribute("data-cairn")));
    const keys = (byAction.get(action) ?? []).filter(({ target }) => {
      // Most targets are plain anchors, and most events hit none of them: no query of the page for those.
      if (target.anchor !== undefined && !target.fallback?.length && !anchors.has(target.anchor))
        return false;
      return findTarget(ports.roots, target, (element) => path.includes(element)) !== null;
    });
    return keys.map(({ key }) => key);
  }

  const listeners = Object.entries(EVENTS).map(([action, name]) => ({
    action: action as Interaction,
    name,
    listener: (event: Event) =>
      ports.run(() => {
        const keys = hits(action as Interaction, event);
        // The pointer enters an element once, however many of its children it crosses.
        const fresh = action === "hover" ? keys.filter((key) => !hovered.has(key)) : keys;
        if (action === "hover") hovered = new Set(keys);
        if (fresh.length > 0) ports.seen(action as Interaction, fresh);
      }),
  }));
  const options = { capture: true, passive: true };
  const unlisten = () => {
    for (const { name, listener } of listeners) document.removeEventListener(name, listener, options);
  };

  return {
    watch(interactions) {
      unlisten();
      byAction.clear();
      for (const interaction of interactions) {
        const list = byAction.get(interaction.action);
        if (list) list.push(interaction);
        else byAction.set(interaction.action, [interaction]);
      }
      for (const { action, name, listener } of listeners)
        if (byAction.has(action)) document.addEventListener(name, listener, options);
    },
    dispose: unlisten,
  };
}
