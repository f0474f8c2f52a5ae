import type { Effect, HostCall, Input, RunId } from "@cairn/engine";
import { assertNever } from "@cairn/flow-schema";
import type { Sighting, TargetObserver } from "./dom/observe-target.ts";
import type { Clock, CreateUi, Ui, UiPorts } from "./ports.ts";

export type RecordEffect = Extract<Effect, { type: "record" }>;

/** What the page says about a target that a hint waits for, in the engine's words. */
export const locatedInput = ({ key, found, rank }: Sighting): Input => ({
  type: "located",
  target: key,
  found,
  ...(rank !== undefined && { rank }),
});

/** What the page says about an element that a condition asks about. */
export const elementInput = ({ key, present, visible, enabled }: Sighting): Input => ({
  type: "element",
  target: key,
  present,
  visible,
  enabled,
});

export interface EffectRunner {
  /** Does what the engine asks for. Returns the answers that it waits for at once. */
  run(effect: Effect): readonly Input[];
  setLocale(locale: string): void;
  /** Takes all hints off the page and forgets the alarm. */
  clear(): void;
}

/** The one place where the engine's effects become acts. */
export function createEffectRunner(ports: {
  loadUi: () => Promise<{ createUi: CreateUi }>;
  uiPorts: () => UiPorts;
  observer: TargetObserver;
  clock: Clock;
  tick(): void;
  /** The engine needs its stage. */
  stage(): void;
  record(effect: RecordEffect): void;
  navigate(path: string, run: RunId): void;
  host(call: HostCall, run: RunId): void;
  /** The UI could not be loaded, or failed. */
  uiFailed(error: unknown): void;
}): EffectRunner {
  let ui: Promise<Ui> | undefined;
  let cancelWake = () => {};

  /** Acts on the UI in order. Only `show` loads it; without it there is nothing to update or hide. */
  function withUi(act: (ui: Ui) => void, load = false): void {
    if (load) ui ??= ports.loadUi().then(({ createUi }) => createUi(ports.uiPorts()));
    ui?.then(act).catch((error) => {
      ui = undefined;
      ports.uiFailed(error);
    });
  }

  return {
    run(effect) {
      switch (effect.type) {
        case "show":
          withUi((ui) => ui.show(effect.view, { resumed: effect.resumed }), true);
          break;
        case "update":
          withUi((ui) => ui.update(effect.view));
          break;
        case "hide":
          withUi((ui) => ui.hide(effect.run));
          break;
        case "locate":
          return ports.observer.watch(effect.targets).map(locatedInput);
        case "wake":
          cancelWake();
          if (effect.at !== null) cancelWake = ports.clock.after(effect.at - ports.clock.now(), ports.tick);
          break;
        case "record":
          ports.record(effect);
          break;
        case "stage":
          ports.stage();
          break;
        case "navigate":
          ports.navigate(effect.path, effect.run);
          break;
        case "host":
          ports.host(effect.call, effect.run);
          break;
        default:
          assertNever(effect);
      }
      return [];
    },
    setLocale: (locale) => withUi((ui) => ui.setLocale(locale)),
    clear() {
      cancelWake();
      ports.observer.watch([]);
      withUi((ui) => ui.dispose());
      ui = undefined;
    },
  };
}
