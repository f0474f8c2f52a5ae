import type { Listen } from "../dom/listen.ts";
import type { Clock, Guard } from "../ports.ts";

export interface Exposure {
  /** Whether the hint is drawn at all just now: not while its target is out of sight. */
  drawn(drawn: boolean): void;
  dispose(): void;
}

/** Milliseconds of unbroken view that count as seen. */
const DWELL = 1000;

/** Calls `exposed` once, when half of the element has been in view on a visible page for one unbroken second. */
export function observeExposure(
  element: Element,
  { clock, guard, listen }: { clock: Clock; guard: Guard; listen: Listen },
  exposed: () => void,
): Exposure {
  const { ownerDocument } = element;
  let half = false;
  let isDrawn = false;
  let cancel: (() => void) | undefined;
  const weigh = () => {
    if (half && isDrawn && ownerDocument.visibilityState === "visible")
      cancel ??= clock.after(DWELL, () => {
        dispose();
        exposed();
      });
    else {
      cancel?.();
      cancel = undefined;
    }
  };
  const observer = new IntersectionObserver(
    guard((entries: readonly IntersectionObserverEntry[]) => {
      half = (entries.at(-1)?.intersectionRatio ?? 0) >= 0.5;
      weigh();
    }),
    { threshold: 0.5 },
  );
  observer.observe(element);
  const unlisten = listen(ownerDocument, "visibilitychange", weigh);
  const dispose = () => {
    cancel?.();
    observer.disconnect();
    unlisten();
  };
  return {
    drawn(now) {
      isDrawn = now;
      weigh();
    },
    dispose,
  };
}
