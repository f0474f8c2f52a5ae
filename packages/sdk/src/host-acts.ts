import type { HostCall, RunId } from "@cairn/engine";
import { assertNever, type ResolvedSettings } from "@cairn/flow-schema";
import { allowedUrl } from "./dom/allowed-url.ts";
import type { Emitter } from "./emitter.ts";

export interface HostActs {
  /** Goes to a path of the host's product, unless a handler of the host takes that over. */
  navigate(path: string, run: RunId): void;
  call(call: Exclude<HostCall, { kind: "track" }>, run: RunId): void;
}

/** What a hint does outside itself, checked once more at the moment it is done. */
export function createHostActs(ports: {
  window: Window;
  emitter: Emitter;
  settings: () => ResolvedSettings;
  /** Awaited before the page is left, so that a tour goes on at the right step. */
  beforeLeaving: () => Promise<void> | undefined;
}): HostActs {
  const { window, emitter } = ports;

  function follow(url: string): void {
    const href = allowedUrl(url, window.location.href);
    if (href === undefined) return;
    // What leads away opens beside the page; a path of the product, a mail or a phone number does not.
    if (/^https?:/i.test(url)) window.open(href, "_blank", "noopener,noreferrer");
    else window.location.assign(href);
  }

  return {
    navigate(path, run) {
      const { location } = window;
      const href = allowedUrl(path, location.href);
      if (href === undefined) return;
      const { origin } = new URL(href);
      if (origin !== location.origin && !ports.settings().navigate.origins.includes(origin)) return;
      if (emitter.emit("navigate", { path, run })) return;
      const go = () => location.assign(href);
      // Not before the engine is through with the input that led here.
      Promise.resolve().then(ports.beforeLeaving).then(go, go);
    },
    call(call, run) {
      switch (call.kind) {
        case "link":
          follow(call.url);
          break;
        case "copy":
          // Refused without permission or focus; there is nothing better to do than nothing.
          window.navigator.clipboard?.writeText(call.text).catch(() => {});
          break;
        case "contact":
          emitter.emit("contact", { who: call.who, run });
          break;
        case "preferences":
          emitter.emit("preferences", { run });
          break;
        default:
          assertNever(call);
      }
    },
  };
}
