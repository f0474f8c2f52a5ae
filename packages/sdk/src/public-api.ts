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
import type { Token } from "./transport/state-client.ts";

const MAX_NAME = 256;

/** What a call comes to: its first argument as checked, its second as copied, when the host asked, a user token. */
export type Deed<T = string> = (
  value: T,
  data: JsonObject | undefined,
  at: number,
  token?: Token,
) => void | Promise<void>;

/** What the public calls are made of. */
export interface Core {
  readonly errors: Errors;
  readonly emitter: Emitter;
  readonly clock: Clock;
  alive(): boolean;
  /** `ahead`: before the start it comes ahead of everything that is not. */
  add(task: Task, ahead?: boolean): void;
  loop(): EngineLoop | undefined;
  dispatch(input: Input): void;
  readonly identify: Deed;
  readonly group: Deed;
  readonly track: Deed;
  /** Without a name it is empty. */
  readonly page: Deed;
  readonly reset: Deed<unknown>;
  /** Opens the panel. */
  preferences(): Promise<void>;
  readonly consent: Deed<Consent>;
  /** Consent as it was just given, before its turn comes: where it is denied, nothing begins. */
  early(consent: unknown): void;
  readonly setLocale: Deed;
  loadExplain(): Promise<typeof import("./explain.ts")>;
  health(): Omit<Report, "sdk" | "errors" | "flows" | "advice">;
  shutdown(): void;
}

/** Reads the first argument; `undefined` where it makes no sense. */
type Check<T> = (value: unknown) => T | undefined;
type Row<T> = readonly [check: Check<T>, deed: Deed<T>, ahead?: boolean];

/** A name or id as a host may hand it in. */
const asName: Check<string> = (value) => {
  const text = typeof value === "number" ? `${value}` : value;
  return typeof text === "string" && text && text.length <= MAX_NAME ? text : undefined;
};
const asEvent: Check<string> = (value) => {
  const name = asName(value);
  return name?.startsWith(RESERVED_PREFIX) ? undefined : name;
};
const asToken: Check<Token> = (options) => {
  try {
    const { token } = options as { token?: unknown };
    return typeof token === "function" || (token && typeof token === "string") ? (token as Token) : undefined;
  } catch {
    return undefined;
  }
};
const asFlow: Check<FlowId> = (value) => parseId(value);
const asConsent: Check<Consent> = (value) => (value === "granted" || value === "denied" ? value : undefined);
const asLocale: Check<string> = (value) => {
  try {
    return typeof value === "string" ? Intl.getCanonicalLocales(value)[0] : undefined;
  } catch {
    return undefined;
  }
};

/**
 * The public calls: each checks what it was given, ignores what makes no sense (and says so in debug mode), and
 * never throws. What it was given is copied at once: the host may change it afterwards.
 */
export function createApi(core: Core): Cairn {
  const { errors, emitter, add, dispatch } = core;
  const nothing = () => {};
  const wrong = (call: string) => errors.hint(`ignored: wrong arguments of ${call}()`);
  let holds = 0;

  /** Guards a call; after `destroy` it does nothing. */
  function call<A extends unknown[], R>(fn: (...args: A) => R, idle: R): (...args: A) => R {
    const safe = errors.guarded("api", fn, idle);
    return (...args) => (core.alive() ? safe(...args) : idle);
  }
  /** A call that is taken down, to be done in its turn. */
  const queued = <T>(name: string, [check, deed, ahead]: Row<T>) =>
    call((first?: unknown, second?: unknown, third?: unknown) => {
      const value = check(first);
      const data = toJsonObject(second);
      const at = core.clock.now();
      const token = asToken(third);
      if (value === undefined) wrong(name);
      else add(() => deed(value, data, at, token), ahead);
    }, undefined);

  return {
    identify: queued("identify", [asName, core.identify, true]),
    group: queued("group", [asName, core.group, true]),
    track: queued("track", [asEvent, core.track]),
    page: queued("page", [(name) => asName(name) ?? "", core.page]),
    start: queued("start", [
      asFlow,
      (flow, options) => dispatch({ type: "start", flow, force: options?.force === true }),
    ]),
    stop: queued("stop", [
      (id) => (id === undefined ? "" : asFlow(id)),
      (flow) => dispatch({ type: "stop", ...(flow && { flow }) }),
    ]),
    consent: queued("consent", [
      (value) => {
        core.early(value);
        return asConsent(value);
      },
      core.consent,
      true,
    ]),
    preferences: queued("preferences", [
      (change) => toJsonObject(change) ?? (change === undefined ? null : undefined),
      (change) => {
        if (!change) return core.preferences();
        const { paused, categories } = change;
        const all = Object.entries(toJsonObject(categories) ?? {});
        dispatch({
          type: "preferences",
          ...(typeof paused === "boolean" && { paused }),
          categories: Object.fromEntries(
            all.filter((entry): entry is [string, boolean] => typeof entry[1] === "boolean"),
          ),
        });
        return undefined;
      },
    ]),
    setLocale: queued("setLocale", [asLocale, core.setLocale, true]),
    reset: queued("reset", [() => true, core.reset, true]),
    // Not a promise that may reject: a host that does not look at it would get an unhandled rejection.
    explain: (flowId) =>
      core
        .loadExplain()
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
      if (typeof type === "string" && typeof handler === "function")
        return call(emitter.on(type, handler), undefined);
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
      }, undefined);
    }, nothing),
    destroy: call(core.shutdown, undefined),
  };
}
