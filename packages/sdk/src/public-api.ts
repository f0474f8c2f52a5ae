import type { Input } from "@cairn/engine";
import { decisionsOf } from "@cairn/engine/core";
import { type FlowId, type JsonObject, parseId, RESERVED_PREFIX } from "@cairn/flow-schema";
import type { Cairn, Consent, Report } from "./api.ts";
import type { Emitter } from "./emitter.ts";
import type { EngineLoop } from "./engine-loop.ts";
import type { Errors } from "./errors.ts";
import type { Clock } from "./ports.ts";
import type { Task } from "./task-queue.ts";
import { toJsonObject } from "./to-json.ts";

const MAX_NAME = 256;

/** A deed that has a name and perhaps data; `at` is when the host asked for it. */
export type Deed<N = string> = (name: N, data: JsonObject | undefined, at: number) => void | Promise<void>;

/** What the public calls are made of. */
export interface Core {
  readonly errors: Errors;
  readonly emitter: Emitter;
  readonly clock: Clock;
  alive(): boolean;
  add(task: Task): void;
  /** Like `add`; before the start it comes ahead of everything else. */
  addAhead(task: Task): void;
  loop(): EngineLoop | undefined;
  dispatch(input: Input): void;
  readonly identify: Deed;
  readonly group: Deed;
  readonly track: Deed;
  readonly page: Deed<string | undefined>;
  reset(): Promise<void>;
  setConsent(consent: Consent): Promise<void>;
  setLocale(tag: string): void;
  health(): Omit<Report, "sdk" | "errors" | "flows" | "advice">;
  shutdown(): void;
}

/** A name or id as a host may hand it in; `undefined` where it is none. */
function asName(value: unknown): string | undefined {
  const text = typeof value === "number" ? `${value}` : value;
  return typeof text === "string" && text && text.length <= MAX_NAME ? text : undefined;
}

function asLocale(value: unknown): string | undefined {
  try {
    return typeof value === "string" ? Intl.getCanonicalLocales(value)[0] : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The public calls: each checks what it was given, ignores what makes no sense (and says so in debug mode), and
 * never throws. What it was given is copied at once: the host may change it afterwards.
 */
export function createApi(core: Core): Cairn {
  const { errors, add, addAhead, dispatch } = core;
  const nothing = () => {};
  const wrong = (call: string) => errors.hint(`ignored: wrong arguments of ${call}()`);
  let holds = 0;

  /** Guards a call; after `destroy` it does nothing. */
  function call<A extends unknown[]>(fn: (...args: A) => void): (...args: A) => void;
  function call<A extends unknown[], R>(fn: (...args: A) => R, idle: R): (...args: A) => R;
  function call<A extends unknown[], R>(fn: (...args: A) => R, idle?: R): (...args: A) => R {
    const safe = errors.guarded("api", fn, idle as R);
    return (...args) => (core.alive() ? safe(...args) : (idle as R));
  }
  /** A call whose first argument must make sense, whatever that is for it. */
  const checked = <T, A extends unknown[]>(
    name: string,
    check: (value: unknown) => T | undefined,
    fn: (value: T, ...rest: A) => void,
  ) =>
    call((value: unknown, ...rest: A) => {
      const known = check(value);
      if (known === undefined) wrong(name);
      else fn(known, ...rest);
    });
  /** A deed of the host's, taken down with its data and its time. */
  const take = <N>(queue: (task: Task) => void, deed: Deed<N>, name: N, data: unknown) => {
    const copy = toJsonObject(data);
    const at = core.clock.now();
    queue(() => deed(name, copy, at));
  };
  const asFlow = (id: unknown) => parseId<FlowId>(id);

  return {
    identify: checked("identify", asName, (id, traits) => take(addAhead, core.identify, id, traits)),
    group: checked("group", asName, (id, traits) => take(addAhead, core.group, id, traits)),
    track: checked(
      "track",
      (event) => (`${asName(event)}`.startsWith(RESERVED_PREFIX) ? undefined : asName(event)),
      (event, properties) => take(add, core.track, event, properties),
    ),
    page: call((name, properties) => take(add, core.page, asName(name), properties)),
    start: checked("start", asFlow, (flow, options) => {
      const force = toJsonObject(options)?.force === true;
      add(() => dispatch({ type: "start", flow, force }));
    }),
    stop: call((id) => {
      const flow = asFlow(id);
      if (flow) add(() => dispatch({ type: "stop", flow }));
      else if (id === undefined) add(() => dispatch({ type: "stop" }));
      else wrong("stop");
    }),
    // Not a promise that may reject: a host that does not look at it would get an unhandled rejection.
    explain: (flowId) =>
      import("./explain.ts")
        .then(({ report }) => report(core, flowId))
        .catch((error) => {
          errors.report("api", error);
          return { ...core.health(), sdk: "", errors: errors.codes(), flows: [], advice: [] };
        }),
    decisions: call(() => {
      const state = core.loop()?.state;
      return state ? decisionsOf(state, {}) : [];
    }, []),
    on: call((type, handler) => {
      if (typeof type === "string" && typeof handler === "function") return core.emitter.on(type, handler);
      wrong("on");
      return nothing;
    }, nothing),
    hold: call(() => {
      let held = true;
      const count = (by: number) =>
        add(() => {
          holds += by;
          dispatch({ type: "guard", reason: "hold", on: holds > 0 });
        });
      count(1);
      return call(() => {
        if (held) count(-1);
        held = false;
      });
    }, nothing),
    consent: checked(
      "consent",
      (value) => (value === "granted" || value === "denied" ? value : undefined),
      (consent) => addAhead(() => core.setConsent(consent)),
    ),
    preferences: call((change) => {
      const { paused, categories } = toJsonObject(change) ?? {};
      const wanted = Object.entries(toJsonObject(categories) ?? {}).filter(
        (entry): entry is [string, boolean] => typeof entry[1] === "boolean",
      );
      add(() =>
        dispatch({
          type: "preferences",
          ...(typeof paused === "boolean" && { paused }),
          categories: Object.fromEntries(wanted),
        }),
      );
    }),
    setLocale: checked("setLocale", asLocale, (tag) => addAhead(() => core.setLocale(tag))),
    reset: call(() => addAhead(core.reset)),
    destroy: call(core.shutdown),
  };
}
