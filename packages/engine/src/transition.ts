import { assertNever, type JsonObject } from "@cairn/flow-schema";
import type { Compiled, CompiledFlow } from "./compiled.ts";
import { awaitsCourse, holdContest } from "./contest.ts";
import type { Decision } from "./decision.ts";
import type { Effect } from "./effect.ts";
import type { Env } from "./env.ts";
import { identify, joinAccount } from "./identity.ts";
import type { Input } from "./input.ts";
import { rememberEvent, rememberUse } from "./memory.ts";
import { own } from "./own.ts";
import { restart } from "./restart.ts";
import { keepSession } from "./session.ts";
import { truth } from "./truth.ts";
import { record, type Turn } from "./turn.ts";
import type { State } from "./user-state.ts";
import { setWake } from "./wake.ts";

export interface Transition {
  /** The state that was handed in, changed in place. */
  readonly state: State;
  /** To be carried out in order. */
  readonly effects: readonly Effect[];
  readonly decisions: readonly Decision[];
}

/** A start may set off the next flow, and so on: more links than this is a circle. */
const MAX_ROUNDS = 10;

/**
 * The engine: what follows from one input. Deterministic; reads no clock, no page and no chance. Due wakes run first,
 * then what the input says and ends, then one contest of all flows that it sets off or that waited for it.
 */
export function transition(compiled: Compiled, state: State, input: Input, env: Env): Transition {
  // A clock that goes back must not undo what has happened.
  const now = Math.max(env.now, state.now);
  state.now = now;
  const turn: Turn = {
    compiled,
    state,
    env,
    now,
    input,
    effects: [],
    decisions: [],
    raised: [],
    firings: [],
    reopened: [],
    stale: [],
    // All of them at once: turns of one shape are read faster.
    moment: undefined,
    since: undefined,
    only: undefined,
    books: undefined,
    doubt: undefined,
    excluded: undefined,
    event: undefined,
  };
  const { stage, course } = compiled;
  keepSession(turn);
  // A contest that waits for the page goes on with `located`; anything else means that no answer will come.
  if (state.local.looking && input.type !== "located") holdContest(turn, true);
  if (!state.session.over) runDue(turn);
  turn.moment = input;
  apply(turn);
  stage?.apply(turn);
  course?.apply(turn);
  listen(turn);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    holdContest(turn);
    if (!turn.raised.length) break;
    listen(turn);
  }
  course?.finish(turn);
  stage?.finish(turn);
  const part = missingPart(turn);
  if (part) turn.effects.push({ type: "load", part });
  setWake(turn);
  return { state, effects: turn.effects, decisions: turn.decisions };
}

/** What cannot wait any longer for a part of the engine that is not loaded. */
function missingPart(turn: Turn): "stage" | "course" | undefined {
  const { stage, course, settings, eager } = turn.compiled;
  const { pending, looking, queue } = turn.state.local;
  if (!settings.enabled || course) return undefined;
  const isPutOff = pending.length > 0 && !looking;
  if (awaitsCourse(turn) || (stage && isPutOff)) return "course";
  return !stage && (eager || isPutOff || queue.length) ? "stage" : undefined;
}

/** Everything whose moment has come. */
function runDue(turn: Turn): void {
  const { state, now, compiled } = turn;
  const { local } = state;
  for (const timer in local.timers) {
    if ((own(local.timers, timer) ?? Number.NaN) > now) continue;
    delete local.timers[timer];
    turn.raised.push(timer);
  }
  for (const { flow, how, event, at } of local.asks) if (at <= now) turn.firings.push({ flow, how, event });
  if (local.asks.length) local.asks = local.asks.filter(({ at }) => at > now);
  compiled.stage?.due(turn, false);
  compiled.course?.due(turn);
  listen(turn);
}

/** Hands what has happened to those who listen: first to what is under way, then to triggers. */
function listen(turn: Turn): void {
  const { compiled } = turn;
  const { course } = compiled;
  for (let round = 0; turn.raised.length > 0 && round < MAX_ROUNDS; round++) {
    const keys = turn.raised;
    turn.raised = [];
    if (course) for (const flow of listeners(compiled.progress, keys)) course.progress(turn, flow, keys);
    for (const flow of listeners(compiled.triggers, keys))
      if (truth(flow.trigger, turn) === true)
        turn.firings.push({ flow: flow.id, how: "trigger", event: turn.event });
  }
}

function listeners(index: Compiled["triggers"], keys: readonly string[]): Iterable<CompiledFlow> {
  let found: ReadonlySet<CompiledFlow> | undefined;
  for (const key of keys) {
    const flows = index.get(key);
    // Mostly one key has listeners, and no union need be made.
    if (flows) found = found ? new Set([...found, ...flows]) : flows;
  }
  return found ?? [];
}

/** What the input itself says. */
function apply(turn: Turn): void {
  const { state, input, now } = turn;
  const { local, shared } = state;
  switch (input.type) {
    case "config":
      restart(turn);
      return;
    case "identify":
      identify(turn, input);
      return;
    case "group":
      joinAccount(turn, input);
      return;
    case "track":
      track(turn, input.event, input.properties ?? {});
      return;
    case "page":
      local.url = input.url;
      turn.raised.push("page");
      return;
    case "signal":
      turn.raised.push(`signal:${input.name}`);
      return;
    case "ui":
      interact(turn, input);
      return;
    case "element": {
      const { type: _, target, ...found } = input;
      local.elements[target] = found;
      turn.raised.push(`element:${target}`);
      return;
    }
    case "guard":
      if (input.on) local.guards[input.reason] = [...(input.except ?? [])];
      else delete local.guards[input.reason];
      return;
    case "preferences": {
      const { paused, categories, consent } = input;
      const known = shared.preferences;
      shared.preferences = {
        at: now,
        paused: paused ?? known.paused,
        categories: { ...known.categories, ...categories },
        consent: consent ?? known.consent,
      };
      return;
    }
    case "locale":
      local.locale = input.locale;
      turn.raised.push("locale");
      return;
    case "device":
      turn.raised.push("device");
      return;
    case "start":
      turn.firings.push({ flow: input.flow, how: input.force ? "forced" : "manual" });
      return;
    case "stop":
      local.queue = local.queue.filter(({ flow }) => input.flow !== undefined && flow !== input.flow);
      return;
    case "located":
    case "exposed":
    case "action":
    case "merge":
    case "tick":
      // What is on screen, or comes from elsewhere, is for the other parts.
      return;
    default:
      assertNever(input);
  }
}

function track(turn: Turn, event: string, properties: JsonObject): void {
  turn.event = properties;
  if (event === "cairn.feature.used") {
    const feature = turn.compiled.features.get(String(properties.feature));
    if (feature) rememberUse(turn, feature);
  } else if (!event.startsWith("cairn.")) rememberEvent(turn, event, properties);
}

function interact(turn: Turn, { action, targets }: Extract<Input, { type: "ui" }>): void {
  for (const target of targets) {
    const key = `${action}:${target}`;
    turn.raised.push(key);
    for (const feature of turn.compiled.uses.get(key) ?? []) {
      rememberUse(turn, feature);
      record(turn, "cairn.feature.used", { feature: feature.id, action, target });
    }
  }
}
