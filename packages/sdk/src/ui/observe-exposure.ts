import type { Clock } from "../ports.ts";

export interface ExposureOptions {
  readonly element: Element;
  readonly document: Document;
  readonly clock: Clock;
  exposed(): void;
}

export interface Exposure {
  /** Whether the hint is drawn at all just now: not while its target is out of sight. */
  drawn(drawn: boolean): void;
  dispose(): void;
}

/** Milliseconds of unbroken view that count as seen. */
const DWELL = 1000;

/** Calls `exposed` once, when half of the element has been in view on a visible page for one unbroken second. */
export function observeExposure({ element, document, clock, exposed }: ExposureOptions): Exposure {
  let half = false;
  let drawn = false;
  let cancel: (() => void) | null = null;
  const weigh = () => {
    const seen = half && drawn && document.visibilityState === "visible";
    if (seen) {
      cancel ??= clock.after(DWELL, () => {
        dispose();
        exposed();
      });
    } else {
      cancel?.();
      cancel = null;
    }
  };
  const observer = new IntersectionObserver(
    (entries) => {
      half = (entries.at(-1)?.intersectionRatio ?? 0) >= 0.5;
      weigh();
    },
    { threshold: 0.5 },
  );
  observer.observe(element);
  document.addEventListener("visibilitychange", weigh);
  const dispose = () => {
    cancel?.();
    observer.disconnect();
    document.removeEventListener("visibilitychange", weigh);
  };
  return {
    drawn(now) {
      drawn = now;
      weigh();
    },
    dispose,
  };
}
