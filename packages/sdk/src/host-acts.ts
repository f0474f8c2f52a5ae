import type { Effect } from "@cairn/engine";
import { assertNever, type JsonObject, type ResolvedSettings } from "@cairn/flow-schema";
import { allowedUrl } from "./dom/allowed-url.ts";
import type { Emitter } from "./emitter.ts";

export interface HostPorts {
  readonly window: Window & typeof globalThis;
  readonly emitter: Emitter;
  settings(): ResolvedSettings;
  /** Awaited before the page is left, so that a tour goes on at the right step. */
  beforeLeaving(): Promise<void> | undefined;
  /** The host's own event, sent as if the host had. */
  track(event: string, properties: JsonObject): void;
}

/** What a hint does outside itself, checked once more at the moment it is done. */
export function actOnHost(effect: Extract<Effect, { type: "host" | "navigate" }>, ports: HostPorts): void {
  const { window, emitter } = ports;
  const { location } = window;
  const { run } = effect;

  if (effect.type === "navigate") {
    const { path } = effect;
    const href = allowedUrl(path, location.href);
    if (href === undefined) return;
    const { origin } = new URL(href);
    if (origin !== location.origin && !ports.settings().navigate.origins.includes(origin)) return;
    if (emitter.emit("navigate", { path, run })) return;
    const go = () => location.assign(href);
    // Not before the engine is through with the input that led here.
    Promise.resolve().then(ports.beforeLeaving).then(go, go);
    return;
  }
  const { call } = effect;
  switch (call.kind) {
    case "link": {
      const href = allowedUrl(call.url, location.href);
      if (href === undefined) return;
      // What leads away opens beside the page; a path of the product, a mail or a phone number does not.
      if (/^https?:/i.test(call.url)) window.open(href, "_blank", "noopener,noreferrer");
      else location.assign(href);
      return;
    }
    case "copy":
      // Refused without permission or focus; there is nothing better to do than nothing.
      window.navigator.clipboard?.writeText(call.text).catch(() => {});
      return;
    case "track":
      ports.track(call.event, call.properties);
      return;
    case "contact":
      emitter.emit("contact", { who: call.who, run });
      return;
    case "preferences":
      emitter.emit("preferences", { run });
      return;
    default:
      assertNever(call);
  }
}
