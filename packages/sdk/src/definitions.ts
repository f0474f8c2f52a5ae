import type { Compiled, Course, Stage } from "@cairn/engine";
import { compileSteps } from "@cairn/engine/core";
import type { Config } from "@cairn/flow-schema";
import { pause } from "./pause.ts";
import type { Clock } from "./ports.ts";
import { SDK_VERSION } from "./version.ts";

/** What the UI can draw; flows of other kinds are held as `unsupported`. */
const SUPPORTED = ["tooltip", "hotspot", "tour", "checklist", "modal", "slideout", "banner"];

/** Compiling many makes way for the page after so long. Milliseconds. */
const SLICE_MS = 5;

/** Parts of the engine, each there once it was loaded. */
export interface EngineParts {
  stage?: Stage;
  course?: Course;
}

/** The definitions that came last, and what the engine makes of them. */
export interface Definitions {
  readonly config: Config | undefined;
  /** Takes others. Without any: parts of the engine have come, with which they compile to more. */
  use(next?: Config): void;
  /** Compiles in tasks of its own; what has come since is in it, too. */
  prepare(): Promise<Compiled>;
}

export function createDefinitions(ports: {
  first: Config | undefined;
  parts: EngineParts;
  clock: Clock;
  report(error: unknown): void;
}): Definitions {
  const { parts, clock, report } = ports;
  /** How often something has come. */
  let news = 0;
  let config = ports.first;
  /** Those that were compiled last. */
  let sound: Config | undefined;

  async function compiled(): Promise<Compiled> {
    const known = config;
    try {
      const minSdk = known?.settings?.minSdk;
      // The first comparison loads the browser's collation, which takes it milliseconds.
      const isOld = !!minSdk && SDK_VERSION.localeCompare(minSdk, "en", { numeric: true }) < 0;
      const steps = compileSteps(
        { schemaVersion: 1, flows: [], ...known, ...(isOld && { settings: { enabled: false } }) },
        { supported: SUPPORTED, ...parts },
      );
      for (let began = clock.now(); ; ) {
        const { done, value } = steps.next();
        if (done) {
          sound = known;
          return value;
        }
        if (clock.now() - began < SLICE_MS) continue;
        await pause(clock);
        began = clock.now();
      }
    } catch (error) {
      if (known === sound) throw error;
      // Of a wrong shape: the last that were not stay in force, or there are none.
      // Told by the first who finds it: others may be compiling the same, or something newer has come.
      if (config === known) {
        config = sound;
        report(error);
      }
      return compiled();
    }
  }

  return {
    get config() {
      return config;
    },
    use(next) {
      config = next ?? config;
      news++;
    },
    async prepare() {
      await pause(clock);
      for (;;) {
        const known = news;
        const ready = await compiled();
        await pause(clock);
        if (known === news) return ready;
      }
    },
  };
}
