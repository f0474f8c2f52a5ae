import type { Compiled, Effect, GuardReason, Input } from "@cairn/engine";
import { assertNever, type Target, targetKey } from "@cairn/flow-schema";
import { allowedUrl } from "./dom/allowed-url.ts";
import { createListen, type Listen } from "./dom/listen.ts";
import { createMutations } from "./dom/mutations.ts";
import { createTargetObserver, type Sighting, seenTarget } from "./dom/observe-target.ts";
import { watchGuard } from "./dom/watch-guard.ts";
import type { actOnHost, HostPorts } from "./host-acts.ts";
import { pause } from "./pause.ts";
import type { Clock, CreateUi, Guard, Ui } from "./ports.ts";
import type { Signals } from "./signals/watch-signals.ts";
import { isWithin } from "./visibility.ts";

export { stage } from "@cairn/engine/stage";
export { createUi } from "./ui/index.ts";
export { createWord } from "./word.ts";

export interface ScreenPorts extends HostPorts {
  readonly clock: Clock;
  readonly guard: Guard;
  readonly listen: Listen;
  dispatch(input: Input): void;
  locale(): string;
  /** When something was last typed on this page, before this was loaded. Epoch milliseconds; 0 = never. */
  typedAt(): number;
  /** Deeds outside the engine's world; there when the first of them is. */
  readonly actOnHost: typeof actOnHost;
  loadSignals(): Promise<typeof import("./signals/watch-signals.ts")>;
  readonly createUi: CreateUi;
  report(error: unknown): void;
}

/** The SDK's half of what deals with the screen: loaded, with the engine's, when the first flow gets that far. */
export interface Screen {
  /** Does what the engine asks for. Returns the answers that it waits for at once. */
  run(effect: Effect): readonly Input[];
  /**
   * Watches what these definitions ask about; nothing, and no hint, where the environment is switched off. `anew`:
   * for an engine that has been told nothing yet.
   */
  follow(compiled: Compiled, anew?: boolean): void;
  /** The person is on another page of the product. */
  moved(): void;
  setLocale(locale: string): void;
  dispose(): void;
}

/** What the page says about a target that a hint waits for, in the engine's words. */
const located = ({ key, found, rank }: Sighting): Input => ({
  type: "located",
  target: key,
  found,
  ...(rank !== undefined && { rank }),
});
/** What the page says about an element that a condition asks about. */
const element = ({ key, present, visible, enabled }: Sighting): Input => ({
  type: "element",
  target: key,
  present,
  visible,
  enabled,
});

/** Puts the screen's half together. */
export function createScreen(ports: ScreenPorts): Screen {
  const { window, clock, listen, dispatch } = ports;
  const { document } = window;
  const mutations = createMutations({ ...ports, document, stopwatch: () => window.performance.now() });
  const find = (target: Target) => seenTarget(mutations, target)?.element ?? null;
  const observe = (toInput: (sighting: Sighting) => Input) =>
    createTargetObserver({
      mutations,
      changed: (sightings) => {
        for (const sighting of sightings) dispatch(toInput(sighting));
      },
    });
  const targets = observe(located);
  const elements = observe(element);
  let quiet: { dispose(): void } | undefined;
  let told = new Map<GuardReason, unknown>();
  let ui: Promise<Ui> | undefined;
  let signals: Promise<Signals | undefined> | undefined;

  /** Acts on the UI, in order; without it there is nothing to update or hide. One that failed is taken down, with all it drew. */
  function withUi(act: (ui: Ui) => void): void {
    ui?.then(act).catch(failed);
  }
  function failed(error: unknown): void {
    ui?.then((one) => one.dispose()).catch(() => {});
    ui = undefined;
    ports.report(error);
    dispatch({ type: "stop" });
  }
  const guard: Guard =
    (fn) =>
    (...args) => {
      try {
        fn(...args);
      } catch (error) {
        failed(error);
      }
    };
  /** In a task of its own, as deciding was and drawing will be: the page may have something to do in between. */
  async function createUi(): Promise<Ui> {
    await pause(clock);
    const made = ports.createUi({
      document,
      clock,
      locale: ports.locale(),
      find,
      watch: mutations.watch,
      act: (id, act) => dispatch({ type: "action", run: id, act }),
      exposed: (id, step) => dispatch({ type: "exposed", run: id, step }),
      allowsUrl: (url) => allowedUrl(url, window.location.href) !== undefined,
      guard,
      listen: createListen((fn) => guard(fn)()),
    });
    await pause(clock);
    return made;
  }
  /** Watches for the signals that these definitions ask for; loads what does it with the first of them. */
  function followSignals(compiled: Compiled): void {
    if ([...compiled.nodes.values()].some(({ op }) => op === "signal"))
      signals ??= ports.loadSignals().then(
        ({ createSignals }) =>
          createSignals({
            ...ports,
            trees: mutations.trees,
            seen: (signal) => dispatch({ type: "signal", ...signal }),
          }),
        // Told once: guidance goes on without them until the next page load.
        (error) => void ports.report(error),
      );
    withSignals((one) => one.follow(compiled));
  }
  function withSignals(act: (signals: Signals) => void): void {
    signals?.then((one) => one && act(one)).catch(ports.report);
  }
  function clear(): void {
    withSignals((one) => one.dispose());
    targets.watch([]);
    elements.watch([]);
    quiet?.dispose();
    quiet = undefined;
    withUi((one) => one.dispose());
    ui = undefined;
  }

  return {
    run(effect) {
      switch (effect.type) {
        case "show":
          ui ??= createUi();
          withUi((one) => one.show(effect.view, { resumed: effect.resumed }));
          break;
        case "update":
          withUi((one) => one.update(effect.view));
          break;
        case "hide":
          withUi((one) => one.hide(effect.run));
          break;
        case "locate":
          return targets.watch(effect.targets).map(located);
        case "navigate":
        case "host":
          // The preferences may be asked for before any hint was shown.
          ui ??= createUi();
          ports.actOnHost(effect, ports, withUi);
          break;
        case "wake":
        case "record":
        case "load":
          // The boot chunk's own.
          break;
        default:
          assertNever(effect);
      }
      return [];
    },
    follow(compiled, anew) {
      const { settings, elements: asked, flows } = compiled;
      if (anew) told = new Map();
      if (!settings.enabled) return clear();
      followSignals(compiled);
      for (const sighting of elements.watch(asked)) dispatch(element(sighting));
      quiet?.dispose();
      quiet = watchGuard({
        document,
        clock,
        mutations,
        settings: settings.guard,
        typedAt: ports.typedAt(),
        told,
        listen,
        // Targets of all steps that stand inside the host's modal.
        inside: (modal) => {
          const steps = [...flows.values()].flatMap((flow) =>
            [flow, ...(flow.variants ?? [])].flatMap((arm) => arm.steps ?? []),
          );
          const there = steps.flatMap(({ target }) =>
            target && isWithin(find(target), modal) ? targetKey(target) : [],
          );
          return [...new Set(there)];
        },
        changed: (reason, on, except) => dispatch({ type: "guard", reason, on, ...(except && { except }) }),
      });
    },
    moved: () => withSignals((one) => one.moved()),
    setLocale: (locale) => withUi((one) => one.setLocale(locale)),
    dispose() {
      clear();
      mutations.dispose();
    },
  };
}
