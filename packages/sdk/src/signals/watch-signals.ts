import type { Compiled } from "@cairn/engine";
import type { SignalName } from "@cairn/flow-schema";
import { findTarget } from "../dom/find-target.ts";
import { isWithin } from "../visibility.ts";
import { watchDead, watchRage } from "./clicks.ts";
import { watchExit } from "./exit-intent.ts";
import { watchFormError } from "./form-error.ts";
import { watchScroll } from "./scroll-depth.ts";
import type { SignalPorts, WantedSignal, Watcher } from "./signal.ts";
import { watchDwell, watchIdle } from "./stillness.ts";

const WATCH: {
  readonly [name in SignalName]: (ports: SignalPorts, wanted: readonly WantedSignal[]) => Watcher;
} = {
  idle: watchIdle,
  dwell: watchDwell,
  "rage-click": watchRage,
  "dead-click": watchDead,
  "form-error": watchFormError,
  scroll: watchScroll,
  "exit-intent": watchExit,
};

/** What the SDK notices by itself; a chunk of its own, loaded where a condition asks for a signal. */
export interface Signals {
  /** Watches for exactly what these definitions ask. */
  follow(compiled: Compiled): void;
  /** The person is on another page of the product. */
  moved(): void;
  dispose(): void;
}

export function createSignals(
  ports: Omit<SignalPorts, "targetsOf"> & { readonly trees: () => Iterable<ParentNode> },
): Signals {
  let targets: Compiled["signalTargets"] = [];
  const watching: SignalPorts = {
    ...ports,
    targetsOf: (element) =>
      targets
        .filter(({ target }) => findTarget(ports.trees(), target, (one) => isWithin(element, one)))
        .map(({ key }) => key),
  };
  let watchers: Watcher[] = [];
  let watched = "";
  function dispose(): void {
    for (const one of watchers) one.dispose();
    watchers = [];
    watched = "";
  }
  return {
    follow({ nodes, signalTargets }) {
      targets = signalTargets;
      const wanted = [...nodes.values()].flatMap((node): WantedSignal[] =>
        node.op === "signal"
          ? [
              {
                name: node.leaf.signal as SignalName,
                ms: node.ms,
                depth: node.leaf.depth as number | undefined,
              },
            ]
          : [],
      );
      // What is being counted goes on where the same is asked again.
      const asked = JSON.stringify(wanted);
      if (asked === watched) return;
      dispose();
      watched = asked;
      watchers = [...new Set(wanted.map(({ name }) => name))].map((name) =>
        WATCH[name](
          watching,
          wanted.filter((one) => one.name === name),
        ),
      );
    },
    moved() {
      for (const one of watchers) one.moved?.();
    },
    dispose,
  };
}
