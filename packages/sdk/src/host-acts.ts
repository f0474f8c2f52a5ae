import type { Effect, Input } from "@cairn/engine";
import { assertNever, type JsonObject, type ResolvedSettings } from "@cairn/flow-schema";
import { allowedUrl } from "./dom/allowed-url.ts";
import type { Emitter } from "./emitter.ts";
import type { EngineLoop } from "./engine-loop.ts";
import type { Ui } from "./ports.ts";

export interface HostPorts {
  readonly window: Window & typeof globalThis;
  readonly emitter: Emitter;
  settings(): ResolvedSettings;
  /** Awaited before the page is left, so that a tour goes on at the right step. */
  beforeLeaving(): Promise<void> | undefined;
  /** The host's own event, sent as if the host had. */
  track(event: string, properties: JsonObject): void;
  /** Traits of the account that the person works in. */
  account(): JsonObject;
  loop(): EngineLoop;
  dispatch(input: Input): void;
  report(error: unknown): void;
}

/** Has the hints' UI do something; loads what Cairn's own panels are made of. */
type WithPanels = (act: (ui: Ui, panels: typeof import("./ui/panels.tsx")) => void) => void;

/** What a hint does outside itself, checked once more at the moment it is done. */
export function actOnHost(
  effect: Extract<Effect, { type: "host" | "navigate" }>,
  ports: HostPorts,
  withUi: (act: (ui: Ui) => void) => void,
): void {
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
    Promise.resolve().then(ports.beforeLeaving).then(go, go).catch(ports.report);
    return;
  }
  const { call } = effect;
  const withPanels: WithPanels = (act) => {
    import("./ui/panels.tsx").then((panels) => withUi((ui) => act(ui, panels))).catch(ports.report);
  };
  const { theme } = ports.settings();
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
      copy(call.text, window).then((copied) =>
        withPanels((ui, panels) => {
          if (copied || panels.copyByHand(window.document, call.text)) ui.toast(panels.copied, panels.styles);
          else ui.panel(panels.copyPanel(call.text), theme);
        }),
      );
      return;
    case "track":
      ports.track(call.event, call.properties);
      return;
    case "contact":
      if (emitter.emit("contact", { who: call.who, run })) return;
      withPanels((ui, { contactPanel, contactOf }) => {
        const allowsUrl = (url: string) => allowedUrl(url, location.href) !== undefined;
        ui.panel(contactPanel(contactOf(ports.account(), call.who, allowsUrl)), theme);
      });
      return;
    case "preferences":
      // Asked for by the host itself there is no run, and nobody to take it over.
      if (run && emitter.emit("preferences", { run })) return;
      import("./preferences.ts")
        .then(({ openPreferences }) => withUi((ui) => openPreferences(ui, ports)))
        .catch(ports.report);
      return;
    default:
      assertNever(call);
  }
}

/** Whether the browser did it: it wants a secure page, permission and focus. */
async function copy(text: string, { navigator }: Window): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
