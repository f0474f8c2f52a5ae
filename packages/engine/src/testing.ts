import type { Config, Flow, FlowId, Step, TargetKey } from "@cairn/flow-schema";
import type { CompileOptions } from "./compiled.ts";
import type { Decision } from "./decision.ts";
import type { Effect, RunView } from "./effect.ts";
import type { Env } from "./env.ts";
import { compile } from "./full.ts";
import type { HintAct, Input, RunId } from "./input.ts";
import { transition } from "./transition.ts";
import { createState, deserialise, type State, serialise } from "./user-state.ts";

/** Monday, 2 March 2026, 09:00 UTC: where tests' time begins. */
export const START = Date.UTC(2026, 2, 2, 9);

export interface FakeClock {
  now(): number;
  /** Runs `fn` once `ms` later; returns what cancels it. */
  after(ms: number, fn: () => void): () => void;
  /** Lets time pass; what falls due runs at its moment, in order. */
  advance(ms: number): void;
}

/** A clock that stands still until told. */
export function fakeClock(start: number = START): FakeClock {
  let now = start;
  let timers: { at: number; fn: () => void }[] = [];
  return {
    now: () => now,
    after(ms, fn) {
      const timer = { at: now + ms, fn };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
    advance(ms) {
      const end = now + ms;
      for (;;) {
        const next = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (!next) break;
        timers = timers.filter((one) => one !== next);
        now = Math.max(now, next.at);
        next.fn();
      }
      now = end;
    },
  };
}

/** A step with sensible words; `target` may be an anchor's name. */
export function aStep(id: string, more: Record<string, unknown> = {}): Step {
  const target = typeof more.target === "string" ? { target: { anchor: more.target } } : {};
  return { id, title: `Step ${id}`, ...more, ...target } as unknown as Step;
}

/** A flow that is complete but for what the test is about. A tooltip shown on each page, unless said otherwise. */
export function aFlow(id: string, more: Record<string, unknown> = {}): Flow {
  const body = more.kind === "checklist" ? {} : { steps: [aStep("one")] };
  return { schemaVersion: 1, id, kind: "tooltip", ...body, ...more } as unknown as Flow;
}

export const aConfig = (flows: readonly Flow[], more: Partial<Config> = {}): Config => ({
  schemaVersion: 1,
  flows,
  ...more,
});

export interface DriverOptions extends CompileOptions {
  readonly config: Config;
  /** @default {@link START} */
  readonly now?: number;
  /** Which targets are on the page. @default all */
  readonly targets?: "present" | "absent" | readonly TargetKey[];
  readonly timezone?: string;
  readonly device?: Partial<Env["device"]>;
  readonly deviceId?: string;
  readonly userId?: string;
  readonly state?: State;
  /** Whether to send the first `config` by itself. @default true */
  readonly start?: boolean;
}

/** A page in a few lines: feeds inputs, answers `locate`, sends `tick` when a wake is due. */
export interface Driver {
  readonly state: State;
  readonly now: number;
  /** All effects so far, oldest first. */
  readonly effects: Effect[];
  readonly decisions: Decision[];
  /** What is on screen, by flow. */
  readonly screen: Map<string, RunView>;
  send(input: Input): { readonly effects: readonly Effect[]; readonly decisions: readonly Decision[] };
  /** Lets time pass, with a tick at each wake. */
  wait(ms: number): void;
  /** Lets time pass with no tick: a sleeping computer. */
  sleep(ms: number): void;
  track(event: string, properties?: { readonly [name: string]: string | number | boolean | null }): void;
  page(url: string): void;
  /** One second in view: what is on screen was really seen. */
  expose(flow: string): void;
  act(flow: string, act: HintAct): void;
  setTarget(target: TargetKey, found: boolean): void;
  setConfig(config: Config): void;
  /** Writes the state, reads it back and starts again, as a reload does. */
  reload(): void;
}

export function createDriver(options: DriverOptions): Driver {
  const { targets = "present", timezone = "UTC", deviceId = "device" } = options;
  let config = options.config;
  let compiled = compile(config, options);
  let state =
    options.state ??
    createState({
      device: deviceId,
      anonymousId: "anon",
      now: options.now ?? START,
      ...(options.userId !== undefined && { userId: options.userId }),
    });
  let now = Math.max(options.now ?? START, state.now);
  const there = new Map<TargetKey, boolean>(Array.isArray(targets) ? targets.map((key) => [key, true]) : []);
  const isThere = (key: TargetKey) => there.get(key) ?? targets === "present";
  const effects: Effect[] = [];
  const decisions: Decision[] = [];
  const screen = new Map<string, RunView>();
  let watched: readonly TargetKey[] = state.local.watching?.split("\n") ?? [];

  const env = (): Env => ({
    now,
    timezone,
    device: { width: 1280, height: 800, touch: false, ...options.device },
  });
  const hide = (run: RunId) => {
    for (const [flow, view] of screen) if (view.run === run) screen.delete(flow);
  };
  const send: Driver["send"] = (input) => {
    const result = transition(compiled, state, input, env());
    const found = { effects: [...result.effects], decisions: [...result.decisions] };
    effects.push(...result.effects);
    decisions.push(...result.decisions);
    let asked: readonly TargetKey[] = [];
    for (const effect of result.effects) {
      if (effect.type === "show") screen.set(effect.view.flow, effect.view);
      else if (effect.type === "update" && screen.has(effect.view.flow))
        screen.set(effect.view.flow, effect.view);
      else if (effect.type === "hide") hide(effect.run);
      else if (effect.type === "locate") {
        asked = effect.targets.map(({ key }) => key);
        watched = asked;
      }
    }
    for (const target of asked) {
      if (!watched.includes(target)) continue;
      const more = send({ type: "located", target, found: isThere(target) });
      found.effects.push(...more.effects);
      found.decisions.push(...more.decisions);
    }
    return found;
  };
  const runOnScreen = (flow: string) => {
    const view = screen.get(flow);
    if (!view) throw new Error(`${flow} is not on screen`);
    return view;
  };
  const driver: Driver = {
    get state() {
      return state;
    },
    get now() {
      return now;
    },
    effects,
    decisions,
    screen,
    send,
    wait(ms) {
      const end = now + ms;
      for (;;) {
        const { wake } = state.local;
        if (wake === null || wake > end) break;
        now = Math.max(now, wake);
        send({ type: "tick" });
      }
      now = end;
    },
    sleep(ms) {
      now += ms;
    },
    track: (event, properties) => void send({ type: "track", event, ...(properties && { properties }) }),
    page: (url) => void send({ type: "page", url }),
    expose(flow) {
      const view = runOnScreen(flow);
      driver.wait(1_000);
      send({ type: "exposed", run: view.run, step: view.step?.id ?? null });
    },
    act: (flow, what) => void send({ type: "action", run: runOnScreen(flow).run, act: what }),
    setTarget(target, found) {
      there.set(target, found);
      if (watched.includes(target)) send({ type: "located", target, found });
    },
    setConfig(next) {
      config = next;
      compiled = compile(config, options);
      send({ type: "config" });
    },
    reload() {
      const read = deserialise(serialise(state));
      if (!read) throw new Error("the state cannot be read back");
      state = read;
      screen.clear();
      watched = [];
      send({ type: "config" });
    },
  };
  if (options.start !== false) send({ type: "config" });
  return driver;
}

/** For tests that name flows in plain words. */
export const flowId = (id: string): FlowId => id as FlowId;
