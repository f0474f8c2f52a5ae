import { readdirSync, readFileSync } from "node:fs";
import type { Config, Flow } from "@cairn/flow-schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FULL } from "../../test/full.ts";
import type { Decision } from "../decision.ts";
import { aConfig, aFlow, createDriver, START } from "../testing.ts";
import type { LogLine } from "./log-line.ts";
import { compareDecisions, createSimulation, simulate } from "./simulate.ts";

type Json = { readonly [key: string]: unknown };

/** A behaviour vector, as `test/run-case.ts` reads it. */
interface Case {
  readonly name: string;
  readonly flows: readonly (Json & { readonly id: string })[];
  readonly features?: Config["features"];
  readonly segments?: Config["segments"];
  readonly settings?: Json;
  readonly targets?: unknown;
  readonly user?: string;
  readonly timezone?: string;
  readonly steps: readonly Json[];
}

const UNIT: { readonly [unit: string]: number } = { ms: 1, s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };

const offset = (text: string): number =>
  /^\d{4}-/.test(text)
    ? Date.parse(text) - START
    : [...text.matchAll(/(\d+)(ms|s|m|h|d|w)/g)].reduce(
        (sum, [, n, unit]) => sum + Number(n) * (UNIT[unit ?? ""] ?? 0),
        0,
      );

/** Steps that lines can say, and what a case may tell about them. */
const SAYABLE = ["track", "page", "identify", "group", "ui", "signal", "start"];
const TOLD = ["at", "times", "expect", "screen", "records", "drawn", "does"];

/** The case as a log, or why it cannot be one. */
function asLog(one: Case): readonly LogLine[] | string {
  const unsayable = ["supported", "device", "team"].find((field) => field in one);
  if (unsayable) return `sets ${unsayable}`;
  // In a replay the log is all there ever was, so it always is.
  if (one.name.includes("history is not there")) return "lacks an account's history";
  if (one.targets !== undefined && one.targets !== "present" && one.targets !== "absent")
    return "some targets";
  const who = { anonymousId: "anon", ...(one.user !== undefined && { userId: one.user }) };
  const context = one.timezone === undefined ? {} : { context: { timezone: one.timezone } };
  let at = START;
  let verified = false;
  let shownAt = Number.POSITIVE_INFINITY;
  const lines: unknown[] = [];
  const say = (line: object) =>
    lines.push({ timestamp: new Date(at).toISOString(), ...who, ...context, verified, ...line });
  // A press on what is not there: lets time pass, and brings the person to life at the beginning.
  const nothing = { type: "ui", action: "dismiss", flow: "none" };
  say(nothing);
  for (const step of one.steps) {
    const keys = Object.keys(step).filter((key) => !TOLD.includes(key));
    const [kind = ""] = keys;
    if (typeof step.at === "string") at = START + offset(step.at);
    // From then on a replay does more than the case: it sees the hint, and leaves it.
    if (at >= shownAt + 1_000) return "goes on after something is shown";
    if (kind === "page" && Number.isFinite(shownAt)) return "leaves the page of a hint";
    if (step.verified === true) verified = true;
    if (((step.expect ?? []) as string[]).some((said) => / (shown|withheld)/.test(said)))
      shownAt = Math.min(shownAt, at);
    if (kind === "") say(nothing);
    else if (!SAYABLE.includes(kind)) return `has a step "${kind}"`;
    const value = step[kind];
    const line = lineOf(kind, value, step);
    if (typeof line === "string") return line;
    if (kind === "identify") {
      if (one.user !== undefined && one.user !== value) return "signs in as somebody else";
      if (lines.some((known) => (known as Json).type === "identify" && (known as Json).userId !== value))
        return "signs in as somebody else";
    }
    if (line) for (let i = 0; i < Number(step.times ?? 1); i++) say(line);
  }
  return lines as LogLine[];
}

function lineOf(kind: string, value: unknown, step: Json): object | string | undefined {
  switch (kind) {
    case "track":
      return { type: "track", event: value, properties: step.properties };
    case "page":
      return { type: "page", properties: { ...(step.properties as object), url: value } };
    case "identify":
      return { type: "identify", userId: value, traits: step.traits };
    case "group":
      return { type: "group", groupId: value, traits: step.traits };
    case "ui":
      return { type: "ui", action: value, target: targetOf(step.target) };
    case "signal": {
      const [target, ...others] = (step.targets ?? []) as string[];
      if (others.length > 0 || (step.for !== undefined && Number(step.for) % 1_000 !== 0))
        return "an odd signal";
      return {
        type: "signal",
        name: value,
        ...(step.for !== undefined && { for: `${Number(step.for) / 1_000}s` }),
        ...(step.depth !== undefined && { depth: step.depth }),
        ...(target !== undefined && { target: targetOf(target) }),
      };
    }
    case "start":
      return {
        type: "ui",
        action: "start",
        flow: value,
        ...(step.force !== undefined && { force: step.force }),
      };
    default:
      return undefined;
  }
}

const targetOf = (key: unknown) => {
  const [anchor, fallback, text, nth] = `${key}`.startsWith("[") ? JSON.parse(`${key}`) : [key];
  return {
    ...(anchor !== null && { anchor }),
    ...(fallback && { fallback }),
    ...(text && { text }),
    ...(nth && { nth }),
  };
};

const folder = new URL("../../test/cases/", import.meta.url);
const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .sort()
  .flatMap((name) => JSON.parse(readFileSync(new URL(name, folder), "utf8")) as Case[]);

describe("behaviour vectors that a log can say", () => {
  const logs = cases.map((one) => ({ one, log: asLog(one) }));
  for (const { one, log } of logs)
    if (typeof log !== "string")
      it(one.name, () => {
        const said: string[] = [];
        const simulation = createSimulation({
          config: aConfig(
            one.flows.map((flow): Flow => aFlow(flow.id, flow)),
            {
              ...(one.features && { features: one.features }),
              ...(one.segments && { segments: one.segments }),
              settings: { budget: null, ...one.settings },
            },
          ),
          ...(one.targets === "absent" && { targets: "absent" }),
          onDecision: ({ flow, outcome, reason, detail }) =>
            said.push([flow, outcome, reason, detail].filter(Boolean).join(" ")),
        });
        for (const line of log) simulation.read(line);
        simulation.finish();
        expect(said).toEqual(one.steps.flatMap(({ expect: wanted }) => (wanted ?? []) as string[]));
      });

  it("are many", () => {
    const count = logs.filter(({ log }) => typeof log !== "string").length;
    console.log(`${count} of ${cases.length} behaviour vectors replayed`);
    expect(count).toBeGreaterThanOrEqual(170);
  });
});

const NAMES = ["a", "b", "c"];
const USERS = ["u", "v", "w"];

/** Definitions in which the flows get in each other's way: waits, snoozes of budget, sequences, patience. */
const config = aConfig(
  [
    aFlow("on-a", {
      trigger: { event: "a", atLeast: 2, within: "1h" },
      frequency: { atMost: 3, until: "none" },
    }),
    aFlow("on-b", {
      kind: "modal",
      trigger: { event: "b" },
      frequency: { atMost: null, gap: "10m", until: "none" },
    }),
    aFlow("chain", {
      kind: "slideout",
      priority: 80,
      trigger: { sequence: ["a", "b"], within: "30m", wait: "2m", without: "c" },
      frequency: { atMost: null, until: "none" },
      patience: "5m",
    }),
    aFlow("quiet", { kind: "banner", trigger: { inactive: { event: "c" }, for: "20m" } }),
    aFlow("after", { kind: "hotspot", trigger: { flow: "on-b", is: "dismissed" } }),
    aFlow("page", { trigger: { page: "/x" }, holdout: { share: "50%", by: "user" } }),
  ],
  { settings: { budget: { perSession: 4, perDay: 6, minGap: "1m", afterDismiss: { base: "2m" } } } as never },
);

const happening = fc.record({
  user: fc.constantFrom(...USERS),
  /** Since the line before; now and then a line comes late. */
  after: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 0, max: 240 }).map((s) => s * 1_000) },
    { weight: 1, arbitrary: fc.integer({ min: -600, max: 7_200 }).map((s) => s * 1_000) },
  ),
  what: fc.oneof(fc.constantFrom(...NAMES), fc.constant("/x"), fc.constant("/y")),
});
const logs = fc.array(happening, { maxLength: 60 }).map((all) => {
  let at = START;
  return all.map(({ user, after, what }): LogLine => {
    at += after;
    const line = { timestamp: new Date(at).toISOString(), userId: user };
    const url = `https://app.example.com${what}`;
    return what.startsWith("/")
      ? { ...line, type: "page", properties: { url } }
      : { ...line, type: "track", event: what };
  });
});

/** The naive model: each person by themselves, a page in a few lines, hints dismissed after five seconds. */
function naively(lines: readonly LogLine[]): Decision[] {
  const end = Math.max(...lines.map(({ timestamp }) => Date.parse(timestamp)));
  return [...new Set(lines.map(({ userId }) => `${userId}`))].flatMap((userId) => {
    const own = lines.filter((line) => line.userId === userId);
    const first = Date.parse(own[0]?.timestamp ?? "");
    const driver = createDriver({ config, now: first, deviceId: `u:${userId}`, userId });
    const due = new Map<string, { readonly flow: string; readonly shown: number; seen: boolean }>();
    const note = () => {
      for (const [flow, view] of driver.screen)
        if (!due.has(view.run)) due.set(view.run, { flow, shown: driver.now, seen: false });
    };
    const pass = (until: number) => {
      for (;;) {
        const acts = [...due.values()].map((one) => one.shown + (one.seen ? 5_000 : 1_000));
        const next = Math.min(...acts, driver.state.local.wake ?? Number.POSITIVE_INFINITY);
        if (next > until) break;
        driver.wait(next - driver.now);
        note();
        for (const [run, one] of [...due])
          if (one.shown + (one.seen ? 5_000 : 1_000) === next) {
            if (one.seen) {
              due.delete(run);
              driver.act(one.flow, { kind: "close" });
            } else {
              one.seen = true;
              driver.send({ type: "exposed", run, step: "one" as never });
            }
            note();
          }
      }
      driver.wait(Math.max(0, until - driver.now));
      note();
    };
    for (const line of own) {
      pass(Math.max(Date.parse(line.timestamp), driver.now));
      if (line.type === "track") driver.track(`${line.event}`);
      else if (line.type === "page") driver.page(`${line.properties?.url}`);
      note();
    }
    pass(end);
    return driver.decisions;
  });
}

const plain = ({ at, user, flow, outcome, reason, detail }: Decision) =>
  [new Date(at).toISOString(), user, flow, outcome, reason, detail]
    .filter((one) => one !== undefined)
    .join(" ");

describe("a replay of any log", () => {
  it("decides as each person's page would by itself", () => {
    let decided = 0;
    fc.assert(
      fc.property(logs, (lines) => {
        const wanted = naively(lines).sort(compareDecisions).map(plain);
        const { decisions } = simulate(lines, { config, respond: "dismiss" });
        decided += wanted.length;
        expect(
          decisions.map(({ at, user, flow, outcome, reason, detail }) =>
            [at, user, flow, outcome, reason, detail].filter((one) => one !== undefined).join(" "),
          ),
        ).toEqual(wanted);
      }),
      { numRuns: FULL ? 1_000 : 80 },
    );
    expect(decided).toBeGreaterThan(FULL ? 1_000 : 80);
  });

  it("gives the same bytes twice, whatever people do", () => {
    fc.assert(
      fc.property(logs, fc.constantFrom("ignore", "dismiss", "complete", "random"), (lines, how) => {
        const respond = how === "random" ? { random: "1" } : (how as "ignore");
        const once = () =>
          JSON.stringify(simulate(lines, { config, respond, against: config.flows.slice(2) }));
        expect(once()).toBe(once());
      }),
      { numRuns: FULL ? 1_000 : 80 },
    );
  });

  it("counts in its summary what it decided", () => {
    fc.assert(
      fc.property(logs, (lines) => {
        const { decisions, summary } = simulate(lines, { config });
        for (const [id, flow] of Object.entries(summary.flows)) {
          const own = decisions.filter((one) => one.flow === id);
          expect(flow.users).toBe(new Set(own.map(({ user }) => user)).size);
          expect(flow.shown).toBe(own.filter(({ outcome }) => outcome === "shown").length);
          const held = Object.values(flow.heldByReason).reduce((sum, n) => sum + n, 0);
          expect(flow.shown + flow.withheld + held).toBe(own.length);
        }
        expect(summary.events).toBe(lines.length);
        expect(decisions.map(({ at, user, flow }) => `${at} ${user} ${flow}`)).toEqual(
          decisions.map(({ at, user, flow }) => `${at} ${user} ${flow}`).sort(),
        );
      }),
      { numRuns: FULL ? 1_000 : 80 },
    );
  });

  it("does not care in which order the lines of different people stand", () => {
    fc.assert(
      fc.property(logs, (lines) => {
        const grouped = USERS.flatMap((user) => lines.filter(({ userId }) => userId === user));
        expect(simulate(grouped, { config })).toEqual(simulate(lines, { config }));
      }),
      { numRuns: FULL ? 1_000 : 80 },
    );
  });
});
