import type { RunId } from "@cairn/engine";
import type { Listen } from "../dom/listen.ts";

/** Moves the focus between the page and the hints; asked by key only, never on its own. */
export interface HintFocus {
  /** The run that the focus is in. */
  run(): RunId | undefined;
  /** From the page to the first of these, on to the next, and back to the page. */
  reach(ring: readonly HTMLElement[]): void;
  /** Back to where it was before it came to a hint. */
  goBack(): void;
}

const preventScroll = true;

/** What has the focus, in open shadow roots too. */
export function focusedIn(document: Document): HTMLElement | null {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at as HTMLElement | null;
}

/** `shadow` is Cairn's own root while it is on the page. */
export function createHintFocus(
  document: Document,
  listen: Listen,
  shadow: () => ShadowRoot | undefined,
): HintFocus {
  let back: HTMLElement | null = null;
  const focused = () => shadow()?.activeElement as HTMLElement | null | undefined;
  const hint = () => focused()?.closest<HTMLElement>("[data-run]");
  const goBack = () => {
    focused()?.blur();
    back?.focus({ preventScroll });
    back = null;
  };
  return {
    run: () => hint()?.dataset.run,
    reach(ring) {
      const from = hint();
      if (!from) back = focusedIn(document);
      const next = ring[from ? ring.indexOf(from) + 1 : 0];
      if (!next) return goBack();
      next.focus({ preventScroll });
      if (focused() !== next) {
        // A focus trap of the page's has fetched it back: this time it hears of nothing.
        const off = listen(document.defaultView as Window, "focusout", (event) => event.stopPropagation());
        next.focus({ preventScroll });
        off();
      }
    },
    goBack,
  };
}
