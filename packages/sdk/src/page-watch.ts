import type { Compiled, Input } from "@cairn/engine";
import { type Flow, type Target, targetKey } from "@cairn/flow-schema";
import { createInteractionCapture } from "./dom/capture-interactions.ts";
import { findTarget } from "./dom/find-target.ts";
import { createMutations } from "./dom/mutations.ts";
import { createTargetObserver, type Sighting, type TargetObserver } from "./dom/observe-target.ts";
import { watchGuard } from "./dom/watch-guard.ts";
import type { Clock } from "./ports.ts";
import { elementInput, locatedInput } from "./run-effects.ts";

export interface PageWatch {
  /** The element that the target means now, if it is to be seen. */
  find(target: Target): Element | null;
  /** For the targets of hints. */
  readonly targets: TargetObserver;
  /** Watches what these definitions ask about, and nothing where the environment is switched off. */
  follow(compiled: Compiled): void;
  dispose(): void;
}

/** Everything that the engine is told about the host's page, as inputs. */
export function createPageWatch(ports: {
  window: Window;
  clock: Clock;
  /** Runs each listener; what throws ends there. */
  run: (fn: () => void) => void;
  dispatch(input: Input): void;
  flows: () => readonly Flow[];
}): PageWatch {
  const { window, clock, run, dispatch } = ports;
  const { document } = window;
  const roots = () => [document];
  const find = (target: Target) => findTarget(roots, target)?.element ?? null;
  const mutations = createMutations({ document, clock, stopwatch: () => window.performance.now() });
  const observe = (toInput: (sighting: Sighting) => Input) =>
    createTargetObserver({
      roots,
      mutations,
      changed: (sightings) => {
        for (const sighting of sightings) dispatch(toInput(sighting));
      },
    });
  const targets = observe(locatedInput);
  const elements = observe(elementInput);
  const capture = createInteractionCapture({
    document,
    roots,
    run,
    seen: (action, keys) => dispatch({ type: "ui", action, targets: keys }),
  });
  let guard: { dispose(): void } | undefined;

  /** Targets of all steps that stand inside the host's modal. */
  function inside(modal: Element): string[] {
    const there = ports
      .flows()
      .flatMap((flow) =>
        flow.kind === "checklist"
          ? []
          : flow.steps.flatMap(({ target }) =>
              target && modal.contains(find(target)) ? targetKey(target) : [],
            ),
      );
    return [...new Set(there)];
  }

  return {
    find,
    targets,
    follow({ settings, interactions, elements: asked }) {
      guard?.dispose();
      guard = undefined;
      capture.watch(settings.enabled ? interactions : []);
      for (const sighting of elements.watch(settings.enabled ? asked : [])) dispatch(elementInput(sighting));
      if (settings.enabled)
        guard = watchGuard({
          document,
          clock,
          mutations,
          settings: settings.guard,
          run,
          inside,
          changed: (reason, on, except) => dispatch({ type: "guard", reason, on, ...(except && { except }) }),
        });
    },
    dispose() {
      guard?.dispose();
      capture.dispose();
      mutations.dispose();
    },
  };
}
