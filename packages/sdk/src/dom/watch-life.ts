import type { Clock } from "../ports.ts";
import type { Listen } from "./listen.ts";

/** How long a window must keep its size until it is told. Milliseconds. */
const RESIZE_MS = 250;

/**
 * The page goes, or stands still from now on (`rest`), or has come back (`goOn`). To be heard from the beginning: a page
 * may be frozen while it reads what is stored. Returns what ends it.
 */
export function watchRest(ports: {
  window: Window;
  listen: Listen;
  rest(): void;
  goOn(): void;
}): readonly (() => void)[] {
  const { window, listen, rest, goOn } = ports;
  return [
    listen(window, "pagehide", rest),
    listen(window.document, "freeze", rest),
    listen(window.document, "resume", goOn),
    listen(window, "pageshow", (event) => {
      if ((event as PageTransitionEvent).persisted) goOn();
    }),
  ];
}

/** What else befalls a page that is awake. Returns what ends it. */
export function watchLife(ports: {
  window: Window;
  clock: Clock;
  listen: Listen;
  hidden(): void;
  visible(): void;
  online(): void;
  typed(): void;
  resized(): void;
}): readonly (() => void)[] {
  const { window, clock, listen } = ports;
  const { document } = window;
  let resized = () => {};
  return [
    listen(document, "visibilitychange", () => {
      if (document.visibilityState === "hidden") ports.hidden();
      else ports.visible();
    }),
    listen(window, "online", ports.online),
    listen(document, "input", ports.typed),
    listen(window, "resize", () => {
      resized();
      resized = clock.after(RESIZE_MS, ports.resized);
    }),
    () => resized(),
  ];
}
