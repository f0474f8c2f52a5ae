import type { Config, Flow, Settings } from "@cairn/flow-schema";
import { parseDuration } from "@cairn/flow-schema";
import type { Book } from "../src/history.ts";
import type { Effect, Facts, Input } from "../src/index.ts";
import { aConfig, aFlow, createDriver, type Driver, START } from "../src/testing.ts";

type Json = Record<string, unknown>;

/** One behaviour vector: definitions, what happens, and what the engine is to answer at each step. */
export interface Case {
  readonly name: string;
  /** Flows; what is not written is filled in as `aFlow` does (a tooltip without target, shown on each page). */
  readonly flows: readonly (Json & { readonly id: string })[];
  readonly features?: Config["features"];
  readonly segments?: Config["segments"];
  /** Budget is off unless written. */
  readonly settings?: Settings;
  /** @default present */
  readonly targets?: "present" | "absent" | readonly string[];
  readonly supported?: readonly string[];
  /** A restored person. */
  readonly user?: string;
  readonly timezone?: string;
  readonly device?: Json;
  /** What the whole account did, by event or as "shown:flow": ISO times. Only verified people have it. */
  readonly team?: { readonly [event: string]: readonly string[] };
  readonly steps: readonly Step[];
}

/**
 * `at`: offset from Monday 2026-03-02 09:00 UTC, or an ISO time. `times`: the input comes so often. `expect`: decisions
 * since the step before, as "flow outcome reason detail". `flows` (and `settings`) publishes anew.
 */
export type Step = Json & {
  readonly at?: string;
  readonly times?: number;
  readonly expect?: readonly string[];
  readonly screen?: readonly string[];
  readonly records?: readonly string[];
  readonly drawn?: readonly string[];
  readonly does?: readonly string[];
};

const OFFSET = /(\d+)(ms|s|m|h|d|w)/g;

/** "1d12h", "30m1ms" as milliseconds; an ISO time as those since the start. */
function offset(text: string): number {
  if (/^\d{4}-/.test(text)) return Date.parse(text) - START;
  let sum = 0;
  for (const [, n, unit] of text.matchAll(OFFSET))
    sum += unit === "ms" ? Number(n) : n === "0" ? 0 : (parseDuration(`${n}${unit}`) ?? Number.NaN);
  return sum;
}

function toInput(step: Step): Input | undefined {
  const raw: Json = { ...step };
  for (const key of ["at", "times", "expect", "screen", "records", "drawn", "does"]) delete raw[key];
  if (Object.keys(raw).length === 0) return undefined;
  const { track, page, identify, group, ui, signal, guard, start, ...rest } = raw;
  if (track) return { type: "track", event: track, ...rest } as Input;
  if (page) return { type: "page", url: page, ...rest } as Input;
  if (identify) return { type: "identify", userId: identify, ...rest } as Input;
  if (group) return { type: "group", accountId: group, ...rest } as Input;
  if (ui) return { type: "ui", action: ui, targets: [rest.target] } as unknown as Input;
  if (signal) return { type: "signal", name: signal, ...rest } as Input;
  if (guard) return { type: "guard", reason: guard, ...rest } as Input;
  if (start) return { type: "start", flow: start, ...rest } as Input;
  return raw as Input;
}

type Publish = (flows: Case["flows"], settings: Settings | undefined) => void;

function perform(driver: Driver, step: Step, publish: Publish): void {
  const { expose, act, item, close, find, lose, reload, back, flows, settings, facts } = step;
  if (typeof expose === "string") {
    const view = driver.screen.get(expose);
    if (!view) throw new Error(`${expose} is not on screen`);
    driver.send({ type: "exposed", run: view.run, step: view.step?.id ?? null });
  } else if (typeof act === "string") driver.act(act, { kind: "button", id: step.button as never });
  else if (typeof item === "string") driver.act(item, { kind: "item", id: step.line as never });
  else if (typeof close === "string") driver.act(close, { kind: "close" });
  else if (typeof find === "string") driver.setTarget(find, true);
  else if (typeof lose === "string") driver.setTarget(lose, false);
  else if (facts) driver.send({ type: "merge", facts: toFacts(facts as ToldFacts) });
  else if (reload) driver.reload();
  else if (typeof back === "string") driver.sleep(-offset(back));
  else if (flows) publish(flows as Case["flows"], settings as Settings | undefined);
  else {
    const input = toInput(step);
    if (input) for (let left = step.times ?? 1; left > 0; left--) driver.send(input);
  }
}

type Told = NonNullable<Case["team"]>;
/** What the server tells: all that had reached it by `upto`. */
interface ToldFacts {
  readonly upto: string;
  readonly user: Told;
  readonly account?: { readonly id: string; readonly events: Told };
}
const toFacts = ({ upto, user, account }: ToldFacts): Facts => ({
  upto: Date.parse(upto),
  user: bookOf(user),
  account: account ? { id: account.id, book: bookOf(account.events) } : null,
});

const FATE = /^(shown|completed|dismissed|snoozed|goal):/;

/** A memory that is complete from its beginning. */
function bookOf(team: Told): Book {
  const book: Book = {};
  for (const [event, moments] of Object.entries(team)) {
    const at = moments.map((time) => Date.parse(time));
    book[FATE.test(event) ? event : `e:${event}`] = {
      n: at.length,
      first: at[0] ?? 0,
      last: at.at(-1) ?? 0,
      from: -1,
      since: -1,
      at,
    };
  }
  return book;
}

export interface StepResult {
  readonly decisions: readonly string[];
  readonly screen: readonly string[];
  readonly records: readonly string[];
  readonly drawn: readonly string[];
  readonly does: readonly string[];
}

/** Plays a vector and gives back, step by step, what the engine said. */
export function playCase(one: Case): { readonly results: readonly StepResult[]; readonly driver: Driver } {
  const config = (flows: Case["flows"], settings = one.settings): Config =>
    aConfig(
      flows.map((flow): Flow => aFlow(flow.id, flow)),
      {
        ...(one.features && { features: one.features }),
        ...(one.segments && { segments: one.segments }),
        settings: { budget: null, ...settings },
      },
    );
  const driver = createDriver({
    config: config(one.flows),
    targets: one.targets ?? "present",
    ...(one.supported && { supported: one.supported }),
    ...(one.user !== undefined && { userId: one.user }),
    ...(one.timezone !== undefined && { timezone: one.timezone }),
    ...(one.device && { device: one.device }),
  });
  if (one.team) driver.state.team = bookOf(one.team);
  const results = one.steps.map((step): StepResult => {
    const decided = driver.decisions.length;
    const done = driver.effects.length;
    if (step.at !== undefined) driver.wait(START + offset(step.at) - driver.now);
    perform(driver, step, (...published) => driver.setConfig(config(...published)));
    return {
      decisions: driver.decisions
        .slice(decided)
        .map(({ flow, outcome, reason, detail }) =>
          [flow, outcome, reason, detail].filter(Boolean).join(" "),
        ),
      screen: [...driver.screen.values()].map(({ flow, step: shown }) =>
        shown && shown.count > 1 ? `${flow}/${shown.id}` : flow,
      ),
      records: driver.effects
        .slice(done)
        .flatMap((effect) =>
          effect.type === "record"
            ? [`${effect.event.replace("cairn.", "")} ${describeRecord(effect.properties)}`.trim()]
            : [],
        ),
      drawn: driver.effects.slice(done).flatMap(describeDrawn),
      does: driver.effects.slice(done).flatMap(describeDeed),
    };
  });
  return { results, driver };
}

const describeRecord = (properties: Json): string =>
  ["flow", "feature", "step", "item", "reason", "count", "holdout", "rank"]
    .flatMap((key) => (properties[key] === undefined ? [] : [String(properties[key])]))
    .join(" ");

/** What the UI is told, in order: "show tour", "update list 1/2", "hide completed". */
function describeDrawn(effect: Effect): string[] {
  if (effect.type === "hide") return [`hide ${effect.reason}`];
  if (effect.type !== "show" && effect.type !== "update") return [];
  const { flow, items } = effect.view;
  const ticked = items ? ` ${items.filter((item) => item.done).length}/${items.length}` : "";
  return [`${effect.type} ${flow}${ticked}`];
}

/** What is done outside the hint: "navigate /b", "contact csm". */
function describeDeed(effect: Effect): string[] {
  if (effect.type === "navigate") return [`navigate ${effect.path}`];
  if (effect.type !== "host") return [];
  const { kind, ...what } = effect.call;
  return [
    [kind, ...Object.values(what).map((one) => (typeof one === "string" ? one : JSON.stringify(one)))].join(
      " ",
    ),
  ];
}
