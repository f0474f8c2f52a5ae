import type { Target, TargetKey } from "@cairn/flow-schema";
import { isEnabled, isVisible } from "../visibility.ts";
import { findTarget, type Roots } from "./find-target.ts";
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

interface Watched {
  readonly target: Target;
  last: string;
}

export interface TargetObserver {
  /** Looks for exactly these targets from now on, and tells what there is of each at once. */
  watch(targets: readonly { readonly key: TargetKey; readonly target: Target }[]): Sighting[];
  dispose(): void;
}

/** Watches all targets together and tells only what has changed. */
export function createTargetObserver(ports: {
  roots: Roots;
  mutations: Mutations;
  changed(sightings: Sighting[]): void;
}): TargetObserver {
  const watched = new Map<TargetKey, Watched>();
  let stop: (() => void) | undefined;

  function look(key: TargetKey, target: Target): Sighting {
    const found = findTarget(ports.roots, target, isVisible);
    const element = (found ?? findTarget(ports.roots, target, () => true))?.element;
    return {
      key,
      found: found !== null,
      ...(found && { rank: found.rank }),
      present: element !== undefined,
      visible: found !== null,
      enabled: element !== undefined && isEnabled(element),
    };
  }

  function lookAgain(): void {
    const changes: Sighting[] = [];
    for (const [key, entry] of watched) {
      const sighting = look(key, entry.target);
      const text = JSON.stringify(sighting);
      if (text === entry.last) continue;
      entry.last = text;
      changes.push(sighting);
    }
    if (changes.length > 0) ports.changed(changes);
  }

  return {
    watch(targets) {
      watched.clear();
      const sightings = targets.map(({ key, target }) => {
        const sighting = look(key, target);
        watched.set(key, { target, last: JSON.stringify(sighting) });
        return sighting;
      });
      if (watched.size === 0) {
        stop?.();
        stop = undefined;
      } else stop ??= ports.mutations.watch(lookAgain);
      return sightings;
    },
    dispose() {
      watched.clear();
      stop?.();
      stop = undefined;
    },
  };
}
