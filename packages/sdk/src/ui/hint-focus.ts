import type { RunId } from "@cairn/engine";

/** Moves the focus between the page and the hints; asked by key only, never on its own. */
export interface HintFocus {
  /** The run that the focus is in. */
  run(): RunId | undefined;
  /** From the page to the first of these, on to the next, and back to the page. */
  reach(ring: readonly HTMLElement[]): void;
  /** Back to where it was before it came to a hint. */
  goBack(): void;
}

/** `shadow` is Cairn's own root while it is on the page. */
export function createHintFocus(document: Document, shadow: () => ShadowRoot | null): HintFocus {
  let back: HTMLElement | null = null;
  const focused = () => (shadow()?.activeElement ?? null) as HTMLElement | null;
  const hint = () => focused()?.closest<HTMLElement>("[data-run]") ?? null;
  const goBack = () => {
    focused()?.blur();
    if (back?.isConnected) back.focus({ preventScroll: true });
    back = null;
  };
  return {
    run: () => hint()?.dataset.run,
    reach(ring) {
      const from = hint();
      if (from === null) back = deepFocus(document);
      const next = ring[from === null ? 0 : ring.indexOf(from) + 1];
      if (next === undefined) goBack();
      else next.focus({ preventScroll: true });
    },
    goBack,
  };
}

/** The focused element, inside open shadow roots too. */
function deepFocus(document: Document): HTMLElement | null {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  return focused as HTMLElement | null;
}
