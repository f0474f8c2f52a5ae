// Over 300 lines: where all kinds of hints meet, each of which is drawn in a file of its own.
import type { HintAct, RunId, RunView } from "@cairn/engine";
import type { FlowId } from "@cairn/flow-schema";
import { render } from "preact";
import type { CreateUi } from "../ports.ts";
import { createAnnouncer } from "./announcer.ts";
import { followTarget } from "./follow-target.ts";
import { createHintFocus } from "./hint-focus.ts";
import { createHost, type Host } from "./host.ts";
import { Layer } from "./layer.tsx";
import { observeExposure } from "./observe-exposure.ts";
import { hasFilm, isChecklist, isHotspot, isWindow, type Open, PANEL } from "./open-run.ts";
import { createPart } from "./part.ts";
import type { Rect } from "./place.ts";
import { placeCard } from "./place-card.ts";
import { isReachKey } from "./reach-key.ts";
import { type Strings, stringsFor } from "./strings/strings.ts";
import { styles } from "./styles.ts";
import { type Kit, needsRich } from "./text.tsx";

/** Milliseconds a finished checklist stays. */
const FAREWELL = 6000;
/** At this width and below a checklist starts as a pill: open it would hide the page. Also in checklist-styles.ts. */
const NARROW = 480;

export const createUi: CreateUi = (ports) => {
  const { document, clock, allowsUrl, guard, listen } = ports;
  const window = document.defaultView as Window & typeof globalThis;
  const darkness = window.matchMedia("(prefers-color-scheme: dark)");
  const open = new Map<RunId, Open>();
  const exposed = new Set<string>();
  /** By flow, so that it outlives the run: a person's choice within this page. */
  const collapsed = new Map<FlowId, boolean>();
  let host: Host | undefined;
  let strings: Strings | undefined;
  let locale = "";
  let opened = 0;
  let panelStyles = "";
  /** From the first use of the keyboard on: hints step aside for it. */
  let usesKeys = false;
  let stepAside: typeof import("./step-aside.ts").stepAside | undefined;

  const draw = () => {
    if (!strings || !isNeeded()) return;
    if (!host) {
      host = createHost(document, { guard, listen, click, key, moved });
      host.place(null);
    }
    host.wear([styles, ...parts.map(({ chunk }) => chunk?.styles), panelStyles].join(""));
    const focused = focus.run();
    const runs = [...open.values()].filter(
      ({ view }) => !parts.some((part) => part.loading && part.serves(view)),
    );
    const kit = { strings, allowsUrl, rich: rich.chunk, windows: windows.chunk, film: film.chunk };
    render(
      <Layer
        runs={runs}
        said={announcer}
        kit={kit}
        dark={darkness.matches}
        list={checklist.chunk?.Checklist}
        beacon={hotspot.chunk?.Beacon}
        collapsed={collapsed}
      />,
      host.layer,
    );
    for (const each of runs) attach(each, host, kit, focused === each.view.run);
  };
  const redraw = guard(draw);
  const rich = createPart(() => import("./rich.tsx"), needsRich, redraw);
  const checklist = createPart(() => import("./checklist.tsx"), isChecklist, redraw);
  const hotspot = createPart(() => import("./hotspot.tsx"), isHotspot, redraw);
  const windows = createPart(() => import("./windows.tsx"), isWindow, redraw);
  const film = createPart(() => import("./film.tsx"), hasFilm, redraw);
  const parts = [rich, checklist, hotspot, windows, film];
  const announcer = createAnnouncer(clock, () => (isNeeded() ? redraw() : clear()));
  const isNeeded = () => open.size > 0 || announcer.seen;
  const focus = createHintFocus(document, listen, () => host?.layer.getRootNode() as ShadowRoot | undefined);

  /** Nothing is drawn before Cairn's own words are there; those of another language stay until the new ones are. */
  const setLocale = (wanted: string) => {
    locale = wanted;
    const use = (found: Strings) => {
      if (locale !== wanted) return;
      strings = found;
      draw();
    };
    const found = stringsFor(wanted);
    if (found instanceof Promise) void found.then(guard(use));
    else use(found);
  };
  /** What is drawn of a run; of an open hotspot the hint, which stands behind its beacon. */
  const elementOf = (run: RunId) =>
    [...(host?.layer.children ?? [])].filter((each) => (each as HTMLElement).dataset.run === run).at(-1) as
      | HTMLElement
      | undefined;

  const act = (run: RunId, what: HintAct) => {
    const each = open.get(run);
    // × takes the hint away at once, however long the answer may take.
    if (what.kind === "close" || (what.kind === "button" && each?.answer?.(what.id))) remove(run);
    else if (each?.answer) draw();
    if (each && !each.farewell) ports.act(run, what);
  };
  const fold = ({ flow, step }: RunView) => {
    const isFolded = collapsed.get(flow);
    // One hotspot's hint at a time.
    if (step) for (const { view } of open.values()) if (view.step) collapsed.set(view.flow, true);
    collapsed.set(flow, !isFolded);
    draw();
  };

  const click = (at: Element, event: MouseEvent) => {
    const near = (selector: string) => at.closest<HTMLElement>(selector);
    const link = near("a");
    const each = open.get(near("[data-run]")?.dataset.run as RunId);
    const { do: kind, id } = near("[data-do]")?.dataset ?? {};
    if (link && !allowsUrl(link.getAttribute("href") ?? "")) event.preventDefault();
    if (!each || !kind || event.type !== "click") return;
    if (kind === "toggle") fold(each.view);
    else if (kind === "play") film.chunk?.play(at, guard);
    // Opened beside the page by a modifier key, a link stays the browser's; else it is the engine's to follow.
    else if (!link || !(event.ctrlKey || event.metaKey || event.shiftKey)) {
      event.preventDefault();
      act(each.view.run, { kind, ...(id && { id }) } as HintAct);
    }
  };

  const look = () => stepAside?.(document, host?.layer.querySelectorAll<HTMLElement>(".hint") ?? []);
  const key = (event: KeyboardEvent, inside: boolean) => {
    if (event.key === "Tab" && !usesKeys) {
      usesKeys = true;
      import("./step-aside.ts").then(
        guard((found) => {
          ({ stepAside } = found);
          look();
        }),
        () => {},
      );
    }
    if (host && windows.chunk?.keyInModal(event, host.layer, isReachKey(event))) return;
    if (isReachKey(event)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      // Newest first; what is away with its target cannot be reached.
      const hints = [...open.keys()].reverse().map(elementOf);
      focus.reach(hints.filter((e): e is HTMLElement => e?.hasAttribute("data-away") === false));
    } else if (event.key === "Escape" && inside) {
      event.preventDefault();
      const view = open.get(focus.run() as RunId)?.view;
      // A checklist or hotspot is folded, not given up.
      if (!view) return;
      if (!isChecklist(view) && !isHotspot(view)) act(view.run, { kind: "close" });
      else if (collapsed.get(view.flow)) focus.goBack();
      else fold(view);
    }
  };

  /** Observes target and exposure of what is now drawn. */
  const attach = (each: Open, { layer, place }: Host, kit: Kit, hadFocus: boolean) => {
    const { view } = each;
    const { step, run } = view;
    const id = step?.id ?? null;
    const element = elementOf(run);
    if (!element || each.attached === element) return;
    each.stop();
    const isFirst = !each.attached;
    each.attached = element;
    each.takesFocus = hadFocus;
    const spot = isHotspot(view) && hotspot.chunk;
    const close = () => act(run, { kind: "close" });
    if (isWindow(view)) windows.chunk?.attend(element, each, guard(close), guard);
    // What takes the focus is read out with it.
    if (each.enter && !each.leave && (!spot || collapsed.get(view.flow))) announcer.say(view, kit);
    const once = `${run} ${id}`;
    const exposure =
      each.farewell || exposed.has(once)
        ? undefined
        : observeExposure(element, ports, () => {
            exposed.add(once);
            ports.exposed(run, id);
          });
    const placed = () => {
      if (each.takesFocus) element.focus({ preventScroll: true });
      each.takesFocus = false;
    };
    const ring = (at: Rect | null) => (spot || kit.rich)?.spotAt(layer, run, at);
    let unfollow = () => {};
    const { placement } = step ?? {};
    if (!step?.target || !placement || (placement === "center" && !spot)) {
      place(null);
      exposure?.drawn(true);
      placed();
    } else {
      const { target } = step.target;
      const follow = () => {
        unfollow = followTarget({
          guard,
          card: element,
          put(at) {
            (spot ? spot.putHotspot : placeCard)(element, layer, at, placement);
            ring(at);
            placed();
          },
          layer,
          watch: ports.watch,
          // After a reload the page's own scroll position stands, except in a tour, which would be stuck. A beacon waits.
          scroll: view.kind === "tour" || (each.enter && (!spot || !collapsed.get(view.flow))),
          find: () => ports.find(target),
          seen(now) {
            if (now) place(now);
            else ring(null);
            exposure?.drawn(!!now);
          },
        });
      };
      // Drawing a hint for the first time was a task's work; one step follows another without a gap.
      if (isFirst) unfollow = clock.after(0, guard(follow));
      else follow();
    }
    each.stop = () => {
      unfollow();
      exposure?.dispose();
    };
  };

  const end = (run: RunId) => {
    const each = open.get(run);
    if (each?.leave) {
      // Under an open modal nothing else takes the focus.
      (each.attached as HTMLDialogElement).close();
      each.leave();
    } else if (focus.run() === run) focus.goBack();
    each?.stop();
    open.delete(run);
  };
  const remove = (run: RunId) => {
    end(run);
    if (isNeeded()) draw();
    else clear();
  };
  /** Nothing is left to be seen. */
  const clear = () => {
    announcer.stop();
    const old = host;
    host = undefined;
    old?.dispose();
    if (old) render(null, old.layer);
  };
  /** A dialog that is moved is closed by that. */
  const moved = () => {
    for (const dialog of host?.layer.querySelectorAll("dialog") ?? []) windows.chunk?.openModal(dialog);
  };
  const put = (each: Open) => {
    const { view } = each;
    open.set(view.run, each);
    for (const part of parts) if (part.serves(view)) part.want();
    // The live region moves into a modal; what it said before is not to be read out again.
    if (view.kind === "modal") {
      announcer.stop();
      announcer.text = "";
    }
    draw();
  };

  const undo = [listen(darkness, "change", draw), listen(document, "focusin", look)];
  setLocale(ports.locale);

  return {
    show(view, { resumed }) {
      const before = open.get(view.run);
      const each = before ?? { nth: ++opened, stop() {} };
      if (isHotspot(view) ? !before : !collapsed.has(view.flow))
        collapsed.set(view.flow, isHotspot(view) || resumed || window.innerWidth <= NARROW);
      put(Object.assign(each, { view, enter: !resumed, farewell: false }));
    },
    update(view) {
      const each = open.get(view.run);
      if (each) put(Object.assign(each, { view }));
    },
    hide(run) {
      const each = open.get(run);
      if (!each || each.farewell) return;
      const { items } = each.view;
      if (!items || !checklist.chunk?.isComplete(items)) return remove(run);
      each.farewell = true;
      each.stop();
      each.stop = clock.after(
        FAREWELL,
        guard(() => remove(run)),
      );
      draw();
    },
    panel({ Draw, styles, act: answer }, theme) {
      panelStyles = styles;
      const each = open.get(PANEL) ?? { nth: ++opened, stop() {} };
      const flow = PANEL as FlowId;
      const view = { run: PANEL, flow, kind: "modal", locale, theme, step: null, items: null } as const;
      put(Object.assign(each, { view, Draw, answer, enter: true, farewell: true }));
    },
    toast(words, styles) {
      if (!strings) return;
      panelStyles = styles;
      announcer.toast(words(strings), strings.locale);
    },
    setLocale,
    dispose() {
      announcer.seen = false;
      try {
        for (const { stop } of open.values()) undo.push(stop);
        for (const off of undo) off();
        // Not drawn again: that may be what has failed.
        for (const run of [...open.keys()]) end(run);
      } finally {
        clear();
      }
    },
  };
};
