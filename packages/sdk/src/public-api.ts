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
import type { MessageBody } from "./transport/message.ts";

const MAX_NAME = 256;

/** What the public calls are made of. */
export interface Core {
  readonly errors: Errors;
  readonly emitter: Emitter;
  readonly clock: Clock;
  alive(): boolean;
  add(task: Task): void;
  /** Like `add`; before the start it comes ahead of everything else. */
  addIdentity(task: Task): void;
  loop(): EngineLoop | undefined;
  dispatch(input: Input): void;
  identify(userId: string, traits: JsonObject | undefined, at: number): Promise<void>;
  group(accountId: string, traits: JsonObject | undefined, at: number): void;
  reset(): Promise<void>;
  track(event: string, properties: JsonObject | undefined, at: number): void;
  page(body: Omit<MessageBody, "type">, at: number): void;
  setConsent(consent: Consent): Promise<void>;
  setLocale(tag: string): void;
  health(): Omit<Report, "sdk" | "errors" | "flows">;
  shutdown(): void;
}

/** A name or id as a host may hand it in; `undefined` where it is none. */
function asName(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && text !== "" && text.length <= MAX_NAME ? text : undefined;
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
  const { errors } = core;
  const nothing = () => {};
  const wrong = (what: string) => errors.hint(`ignored: wrong arguments of ${what}`);
  let holds = 0;

  /** Guards a call; after `destroy` it does nothing. */
  const call = <A extends unknown[], R>(fn: (...args: A) => R, idle: R) => {
    const safe = errors.guarded("api", fn, idle);
    return (...args: A): R => (core.alive() ? safe(...args) : idle);
  };

  function asFlow(value: unknown): FlowId | undefined {
    const id = parseId<FlowId>(value);
    if (id === undefined) wrong("flow id");
    return id;
  }

  const api: Cairn = {
    identify: call((userId, traits) => {
      const id = asName(userId);
      if (id === undefined) return wrong("identify()");
      const known = toJsonObject(traits);
      const at = core.clock.now();
      core.addIdentity(() => core.identify(id, known, at));
    }, undefined),
    group: call((accountId, traits) => {
      const id = asName(accountId);
      if (id === undefined) return wrong("group()");
      const known = toJsonObject(traits);
      const at = core.clock.now();
      core.addIdentity(() => core.group(id, known, at));
    }, undefined),
    track: call((event, properties) => {
      const name = asName(event);
      if (name === undefined) return wrong("track()");
      if (name.startsWith(RESERVED_PREFIX)) return wrong("track()");
      const copy = toJsonObject(properties);
      const at = core.clock.now();
      core.add(() => core.track(name, copy, at));
    }, undefined),
    page: call((name, properties) => {
      const label = asName(name);
      const copy = toJsonObject(properties);
      const at = core.clock.now();
      core.add(() =>
        core.page({ ...(label !== undefined && { name: label }), ...(copy && { properties: copy }) }, at),
      );
    }, undefined),
    start: call((flowId, options) => {
      const flow = asFlow(flowId);
      const force = toJsonObject(options)?.force === true;
      if (flow) core.add(() => core.dispatch({ type: "start", flow, force }));
    }, undefined),
    stop: call((flowId) => {
      if (flowId === undefined) core.add(() => core.dispatch({ type: "stop" }));
      else {
        const flow = asFlow(flowId);
        if (flow) core.add(() => core.dispatch({ type: "stop", flow }));
      }
    }, undefined),
    // Not a promise that may reject: a host that does not look at it would get an unhandled rejection.
    explain: (flowId) =>
      import("./explain.ts")
        .then(({ report }) => report(core, flowId))
        .catch((error) => {
          errors.report("api", error);
          return { ...core.health(), sdk: "", errors: errors.codes(), flows: [] };
        }),
    decisions: call(() => {
      const state = core.loop()?.state();
      return state ? decisionsOf(state, {}) : [];
    }, []),
    on: call((type, handler) => {
      if (typeof type === "string" && typeof handler === "function") return core.emitter.on(type, handler);
      wrong("on()");
      return nothing;
    }, nothing),
    hold: call(() => {
      let held = true;
      core.add(() => {
        if (held && ++holds === 1) core.dispatch({ type: "guard", reason: "hold", on: true });
      });
      return call(() => {
        if (!held) return;
        held = false;
        core.add(() => {
          if (holds > 0 && --holds === 0) core.dispatch({ type: "guard", reason: "hold", on: false });
        });
      }, undefined);
    }, nothing),
    consent: call((consent) => {
      if (consent !== "granted" && consent !== "denied") return wrong("consent()");
      core.addIdentity(() => core.setConsent(consent));
    }, undefined),
    preferences: call((change) => {
      const { paused, categories } = toJsonObject(change) ?? {};
      const wanted = Object.entries(toJsonObject(categories) ?? {}).filter(
        (entry): entry is [string, boolean] => typeof entry[1] === "boolean",
      );
      if (typeof paused !== "boolean" && wanted.length === 0) return;
      core.add(() =>
        core.dispatch({
          type: "preferences",
          ...(typeof paused === "boolean" && { paused }),
          ...(wanted.length > 0 && { categories: Object.fromEntries(wanted) }),
        }),
      );
    }, undefined),
    setLocale: call((tag) => {
      const locale = asLocale(tag);
      if (locale === undefined) return wrong("setLocale()");
      core.addIdentity(() => core.setLocale(locale));
    }, undefined),
    reset: call(() => core.addIdentity(() => core.reset()), undefined),
    destroy: call(() => core.shutdown(), undefined),
  };
  return api;
}
