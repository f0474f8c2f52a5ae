import type { RunView } from "../../packages/engine/src/effect.ts";
import { type JsonObject, resolveSettings } from "../../packages/flow-schema/src/index.ts";
import { createListen } from "../../packages/sdk/src/dom/listen.ts";
import { createMutations } from "../../packages/sdk/src/dom/mutations.ts";
import { seenTarget } from "../../packages/sdk/src/dom/observe-target.ts";
import { createEmitter } from "../../packages/sdk/src/emitter.ts";
import { actOnHost, type HostPorts } from "../../packages/sdk/src/host-acts.ts";
import type { Clock, Ui, UiPorts } from "../../packages/sdk/src/ports.ts";
import { createUi } from "../../packages/sdk/src/ui/index.ts";
import { openPreferences } from "./preferences.ts";
import * as views from "./views.ts";
import * as windows from "./window-views.ts";

/**
 * The dev page of the UI, and the page that its browser tests drive. `?show=tooltip&locale=ru&mode=dark` opens a hint
 * at once; `window.gallery` opens any.
 */
export interface Gallery {
  readonly ui: Ui;
  readonly views: typeof views;
  readonly windows: typeof windows;
  /** What people did, what was seen, and how the page's policy was broken, in order. */
  readonly acts: { readonly run: string; readonly act: unknown }[];
  readonly exposed: { readonly run: string; readonly step: string | null }[];
  readonly violations: string[];
  /** Traits of the account. */
  account: JsonObject;
  show(view: RunView): void;
  readonly openPreferences: typeof openPreferences;
}
declare global {
  interface Window {
    gallery: Gallery;
  }
}

const query = new URLSearchParams(location.search);
const locale = (query.get("locale") ?? "en") as views.Locale;
const mode = query.get("mode") as "light" | "dark" | null;
const look: views.Look = { locale, ...(mode === null ? {} : { theme: { mode } }) };

const acts: Gallery["acts"] = [];
const exposed: Gallery["exposed"] = [];
const violations: string[] = [];
document.addEventListener("securitypolicyviolation", (event) => {
  violations.push(`${event.violatedDirective} ${event.sourceFile ?? ""} ${event.sample}`);
});

let tourAt = 0;
const clock: Clock = {
  now: () => Date.now(),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
};
const mutations = createMutations({
  document,
  clock,
  guard: (fn) => fn,
  listen: createListen((fn) => fn()),
  stopwatch: () => performance.now(),
});
const ports: UiPorts = {
  document,
  clock,
  locale,
  find: (target) => seenTarget(mutations, target)?.element ?? null,
  watch: mutations.watch,
  act(run, act) {
    acts.push({ run, act });
    // The engine's part, as far as a gallery needs it.
    const pressed = act.kind === "button" ? (act.id as string) : act.kind;
    const view = shown.get(run);
    const next = view && windows.after(view, pressed, look);
    if (next) show(next);
    else if (pressed === "contact")
      actOnHost({ type: "host", run, call: { kind: "contact", who: "csm" } }, hostPorts, (use) => use(ui));
    else if (pressed === "fewer") openPreferences(ui, look);
    else if (pressed === "copy")
      actOnHost({ type: "host", run, call: { kind: "copy", text: "1042" } }, hostPorts, (use) => use(ui));
    else if (pressed === "next" || pressed === "back") {
      tourAt += pressed === "next" ? 1 : -1;
      ui.show(views.tour(look, tourAt), { resumed: false });
    } else if (pressed === "item") {
      const done = 2 + acts.filter((each) => (each.act as { kind: string }).kind === "item").length;
      ui.update(views.checklist(look, done - 1));
      if (done > 3) ui.hide(run);
    } else ui.hide(run);
  },
  exposed: (run, step) => exposed.push({ run, step }),
  allowsUrl: (url) => /^(https?:|mailto:|tel:)|^[\w./-]+$/.test(url),
  guard: (fn) => fn,
  listen: createListen((fn) => fn()),
};
const ui = createUi(ports);
const shown = new Map<string, RunView>();
/** Theme of the hint shown last, which Cairn's own panels wear, too. */
let worn = look.theme ?? {};
const show = (view: RunView) => {
  worn = view.theme;
  shown.set(view.run, view);
  ui.show(view, { resumed: false });
};
/** Deeds outside a hint, with an account that has a customer-success manager. */
const hostPorts: HostPorts = {
  window,
  emitter: createEmitter((error) => console.error(error)),
  settings: () => resolveSettings({ theme: worn }),
  beforeLeaving: () => undefined,
  track() {},
  account: () => gallery.account,
  loop() {
    throw new Error("the gallery has no engine");
  },
  dispatch() {},
  report: (error) => console.error(error),
};
const gallery = { account: windows.ACCOUNT as JsonObject };
window.gallery = Object.assign(gallery, {
  ui,
  views,
  windows,
  openPreferences,
  acts,
  exposed,
  violations,
  show,
});

for (let n = 1; n <= 30; n++) {
  const row = document.createElement("li");
  row.textContent = `Payment ${n}`;
  if (n === 25) row.dataset.cairn = "row";
  document.querySelector("#rows")?.append(row);
}
const dialog = document.querySelector<HTMLDialogElement>("#dialog");
document.querySelector("#open-dialog")?.addEventListener("click", () => dialog?.showModal());
document.querySelector("#close-dialog")?.addEventListener("click", () => dialog?.close());

const kinds: { readonly [kind: string]: (look: views.Look) => RunView } = {
  tooltip: views.tooltip,
  plain: views.plain,
  rich: views.rich,
  hotspot: views.hotspot,
  tour: views.tour,
  checklist: views.checklist,
  ...windows.kinds,
};
if (query.has("preferences")) openPreferences(ui, look);
const nav = document.querySelector("#kinds");
// Left out where the page is to be looked at as a product's own.
for (const kind of query.has("bare") ? [] : Object.keys(kinds))
  for (const tongue of ["en", "ru", "ar"]) {
    const link = document.createElement("a");
    link.href = `?show=${kind}&locale=${tongue}`;
    link.textContent = `${kind} ${tongue}`;
    nav?.append(link);
  }
for (const wanted of query.getAll("show")) {
  const make = kinds[wanted];
  if (make !== undefined) show(make(look));
}
