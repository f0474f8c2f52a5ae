import type { ActionView, HintAct, ItemView, RunId, RunView } from "@cairn/engine";
import type { FlowId } from "@cairn/flow-schema";
import { render } from "preact";
import type { CreateUi } from "../ports.ts";
import { createAnnouncer } from "./announcer.ts";
import { followTarget } from "./follow-target.ts";
import { createHintFocus } from "./hint-focus.ts";
import { createHost, type Host } from "./host.ts";
import { type Drawn, Layer } from "./layer.tsx";
import { observeExposure } from "./observe-exposure.ts";
import { createPart } from "./part.ts";
import type { Rect } from "./place.ts";
import { isReachKey } from "./reach-key.ts";
import { type Strings, stringsFor } from "./strings/strings.ts";
import { styles } from "./styles.ts";
import { type Kit, needsRich } from "./text.tsx";

interface Open extends Drawn {
  view: RunView;
  enter: boolean;
  /** What is drawn of it, with target and exposure observed: another element for each step. */
  attached: Element | null;
  /** Takes the focus as soon as it can be seen: the step before it had it. */
  takesFocus: boolean;
  /** The person has pressed ×. */
  closed: boolean;
  /** The run is over; the finished checklist stays a moment to say so. */
  farewell: boolean;
  stop(): void;
}

/** Milliseconds a finished checklist stays. */
const FAREWELL = 6000;
/** At this width and below a checklist starts as a pill: open it would hide the page. Also in checklist-styles.ts. */
const NARROW = 480;

export const createUi: CreateUi = (ports) => {
  const { document, clock } = ports;
  const window = document.defaultView as Window & typeof globalThis;
  const darkness = window.matchMedia("(prefers-color-scheme: dark)");
  const open = new Map<RunId, Open>();
  const exposed = new Set<string>();
  /** By flow, so that it outlives the run: a person's choice within this page. */
  const collapsed = new Map<FlowId, boolean>();
  let host: Host | null = null;
  let strings: Strings | null = null;
  let locale = "";
  let opened = 0;
  const draw = () => {
    if (strings !== null && open.size > 0) drawWith(strings);
  };
  const rich = createPart(() => import("./rich.tsx"), draw);
  const checklist = createPart(() => import("./checklist.tsx"), draw);
  const announcer = createAnnouncer(clock, draw);
  const focus = createHintFocus(document, () => (host?.layer.getRootNode() as ShadowRoot | null) ?? null);

  /** Nothing is drawn before Cairn's own words are there; those of another language stay until the new ones are. */
  const setLocale = (wanted: string) => {
    locale = wanted;
    const use = (found: Strings) => {
      if (locale !== wanted) return;
      strings = found;
      draw();
    };
    const found = stringsFor(wanted);
    if (found instanceof Promise) void found.then(use);
    else use(found);
  };
  const ask = (view: RunView) => {
    if (needsRich(view)) rich.want();
    if (view.items !== null) checklist.want();
  };
  const isReady = ({ view }: Open) =>
    !(rich.loading && needsRich(view)) && !(checklist.loading && view.items !== null);

  const elementOf = (run: RunId) =>
    host?.layer.querySelector<HTMLElement>(`[data-run="${window.CSS.escape(run)}"]`) ?? null;

  const act = (run: RunId, what: HintAct) => {
    const each = open.get(run);
    if (each === undefined) return;
    each.closed = what.kind === "close";
    if (!each.farewell) ports.act(run, what);
    else if (each.closed) remove(run);
  };

  const fold = (flow: FlowId) => {
    collapsed.set(flow, !collapsed.get(flow));
    draw();
  };

  const click = (path: readonly EventTarget[], event: MouseEvent) => {
    const nodes = path.filter((node): node is HTMLElement => node instanceof window.Element);
    const link = nodes.find((node) => node.localName === "a");
    const run = nodes.find((node) => node.dataset.run)?.dataset.run;
    const { do: deed, id = "" } = nodes.find((node) => node.dataset.do)?.dataset ?? {};
    if (link !== undefined && !ports.allowsUrl(link.getAttribute("href") ?? "")) event.preventDefault();
    if (run === undefined || event.type !== "click") return;
    if (deed === "toggle") {
      const flow = open.get(run)?.view.flow;
      if (flow !== undefined) fold(flow);
    } else if (deed === "close") act(run, { kind: "close" });
    else if (deed === "item") act(run, { kind: "item", id: id as ItemView["id"] });
    // Opened beside the page by a modifier key, a link stays the browser's; else it is the engine's to follow.
    else if (
      deed === "button" &&
      !(link !== undefined && (event.ctrlKey || event.metaKey || event.shiftKey))
    ) {
      event.preventDefault();
      act(run, { kind: "button", id: id as ActionView["id"] });
    }
  };

  const key = (event: KeyboardEvent, inside: boolean) => {
    if (isReachKey(event)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      // Newest first; what is away with its target cannot be reached.
      const hints = [...open.keys()].reverse().map(elementOf);
      focus.reach(hints.filter((e): e is HTMLElement => e?.hasAttribute("data-away") === false));
    } else if (event.key === "Escape" && inside) {
      event.preventDefault();
      const run = focus.run();
      const view = run === undefined ? undefined : open.get(run)?.view;
      // A checklist is folded, not given up.
      if (view === undefined) return;
      if (view.items === null) act(view.run, { kind: "close" });
      else if (collapsed.get(view.flow)) focus.goBack();
      else fold(view.flow);
    }
  };

  const drawWith = (words: Strings) => {
    if (host === null) {
      host = createHost(document, { click, key });
      host.place(null);
    }
    host.wear([styles, rich.chunk?.styles, checklist.chunk?.styles]);
    const focused = focus.run();
    const runs = [...open.values()].filter(isReady);
    const kit: Kit = { strings: words, allowsUrl: ports.allowsUrl, rich: rich.chunk };
    render(
      <Layer
        runs={runs}
        message={announcer.message}
        kit={kit}
        dark={darkness.matches}
        checklist={checklist.chunk?.Checklist ?? null}
        collapsed={collapsed}
      />,
      host.layer,
    );
    for (const each of runs) attach(each, host, kit, focused === each.view.run);
  };

  /** Observes target and exposure of what is now drawn. */
  const attach = (each: Open, { layer, place }: Host, kit: Kit, hadFocus: boolean) => {
    const { view } = each;
    const { step, run } = view;
    const id = step?.id ?? null;
    const element = elementOf(run);
    if (element === null || each.attached === element) return;
    each.stop();
    each.attached = element;
    each.takesFocus = hadFocus;
    if (each.enter) announcer.say(view, kit);
    const once = `${run} ${id}`;
    const report = () => {
      exposed.add(once);
      ports.exposed(run, id);
    };
    const exposure = exposed.has(once)
      ? null
      : observeExposure({ element, document, clock, exposed: report });
    const placed = () => {
      if (each.takesFocus) element.focus({ preventScroll: true });
      each.takesFocus = false;
    };
    const ring = (at: Rect | null) => kit.rich?.spotAt(layer, run, at);
    let unfollow = () => {};
    if (step === null || step.target === null || step.placement === "center") {
      place(null);
      exposure?.drawn(true);
      placed();
    } else {
      const { target } = step.target;
      unfollow = followTarget({
        card: element,
        layer,
        placement: step.placement,
        document,
        clock,
        // After a reload the page's own scroll position stands, except in a tour, which would be stuck.
        scroll: each.enter || view.kind === "tour",
        find: () => ports.find(target),
        seen(now) {
          if (now !== null) place(now);
          else ring(null);
          exposure?.drawn(now !== null);
        },
        placed(at) {
          ring(at);
          placed();
        },
      });
    }
    each.stop = () => {
      unfollow();
      exposure?.dispose();
    };
  };

  const hide = (run: RunId) => {
    const each = open.get(run);
    if (each === undefined || each.farewell) return;
    const { items } = each.view;
    if (items === null || each.closed || !checklist.chunk?.isComplete(items)) return remove(run);
    each.farewell = true;
    each.stop();
    each.stop = clock.after(FAREWELL, () => remove(run));
    draw();
  };

  const remove = (run: RunId) => {
    if (focus.run() === run) focus.goBack();
    open.get(run)?.stop();
    open.delete(run);
    if (open.size > 0) return draw();
    announcer.stop();
    if (host !== null) render(null, host.layer);
    host?.dispose();
    host = null;
  };

  darkness.addEventListener("change", draw);
  setLocale(ports.locale);

  return {
    show(view, { resumed }) {
      const each = open.get(view.run);
      const state = { view, enter: !resumed, closed: false, farewell: false };
      if (each !== undefined) Object.assign(each, state);
      else open.set(view.run, { ...state, nth: ++opened, attached: null, takesFocus: false, stop() {} });
      if (!collapsed.has(view.flow)) collapsed.set(view.flow, resumed || window.innerWidth <= NARROW);
      ask(view);
      draw();
    },
    update(view) {
      const each = open.get(view.run);
      if (each === undefined) return;
      each.view = view;
      ask(view);
      draw();
    },
    hide,
    setLocale,
    dispose() {
      darkness.removeEventListener("change", draw);
      for (const run of [...open.keys()]) remove(run);
    },
  };
};
