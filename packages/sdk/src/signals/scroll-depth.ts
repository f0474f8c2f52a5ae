import type { SignalPorts, WantedSignal, Watcher } from "./signal.ts";

/** The page is measured so often at most. Milliseconds. */
const INTERVAL_MS = 100;

/** `scroll`: how far down the page a person has come, told at each depth that somebody asks for. */
export function watchScroll(
  { window, clock, listen, seen }: SignalPorts,
  wanted: readonly WantedSignal[],
): Watcher {
  const { document } = window;
  const depths = [...new Set(wanted.map(({ depth }) => depth ?? 0))].sort((a, b) => a - b);
  let told = 0;
  let cancel: (() => void) | undefined;
  let scroller: Element | null = null;

  function measure(): void {
    cancel = undefined;
    if (!scroller) return;
    const { scrollTop, clientHeight, scrollHeight } = scroller;
    const depth = Math.min(100, Math.round(((scrollTop + clientHeight) / scrollHeight) * 100));
    const before = told;
    while (told < depths.length && (depths[told] ?? 0) <= depth) told++;
    if (told > before) seen({ name: "scroll", depth });
  }
  /** A list within the page does not count; what fills most of the window is the page, as products build it. */
  function isPage(element: Element): boolean {
    const { width, height } = element.getBoundingClientRect();
    return width * height * 2 > window.innerWidth * window.innerHeight;
  }
  const off = listen(document, "scroll", ({ target }) => {
    if (told === depths.length) return;
    const element = target instanceof window.Element ? target : document.scrollingElement;
    if (!element || (element !== document.scrollingElement && !isPage(element))) return;
    scroller = element;
    cancel ??= clock.after(INTERVAL_MS, measure);
  });
  return {
    moved() {
      told = 0;
      cancel?.();
      cancel = undefined;
    },
    dispose() {
      off();
      cancel?.();
    },
  };
}
