import type { Target, TargetKey } from "@cairn/flow-schema";
import { isClear, isEnabled, isSeen } from "../visibility.ts";
import type { Found } from "./find-target.ts";
import type { Mutations } from "./mutations.ts";

export interface Sighting {
  readonly key: TargetKey;
  /** There, and to be seen. */
  readonly found: boolean;
  readonly rank?: number;
  /** What conditions about elements ask. */
  readonly present: boolean;
  readonly visible: boolean;
  readonly enabled: boolean;
}

/** The element that the target means on the page as it stands now; rather one that nothing lies on top of. */
export const seenTarget = ({ find }: Pick<Mutations, "find">, target: Target): Found | null =>
  find(target, isClear) ?? find(target, isSeen);

export interface TargetObserver {
  /** Looks for exactly these targets from now on, and tells what there is of each at once. */
  watch(targets: readonly { readonly key: TargetKey; readonly target: Target }[]): Sighting[];
  dispose(): void;
}

/** Watches all targets together and tells only what has changed. */
export function createTargetObserver(ports: {
  mutations: Mutations;
  changed(sightings: Sighting[]): void;
}): TargetObserver {
  const { mutations } = ports;
  let watched: Parameters<TargetObserver["watch"]>[0] = [];
  const told = new Map<TargetKey, string>();
  let stop: (() => void) | undefined;

  /** What is to be told: of each target that looks otherwise than before. */
  const look = () =>
    watched.flatMap(({ key, target }): Sighting[] => {
      const there = mutations.find(target, () => true);
      const found = there && seenTarget(mutations, target);
      const element = (found ?? there)?.element;
      const sighting = {
        key,
        found: !!found,
        ...(found && { rank: found.rank }),
        present: !!element,
        visible: !!found,
        enabled: !!element && isEnabled(element),
      };
      const text = JSON.stringify(sighting);
      if (told.get(key) === text) return [];
      told.set(key, text);
      return [sighting];
    });
  const watch: TargetObserver["watch"] = (targets) => {
    watched = targets;
    told.clear();
    if (!targets.length) {
      stop?.();
      stop = undefined;
    } else
      stop ??= mutations.watch(() => {
        const changes = look();
        if (changes.length) ports.changed(changes);
      });
    return look();
  };

  return { watch, dispose: () => void watch([]) };
}
