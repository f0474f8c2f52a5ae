import type { FlowKind } from "@cairn/flow-schema";
import { parseDuration } from "@cairn/flow-schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Decision } from "../../src/index.ts";
import { createDriver } from "../../src/testing.ts";
import { config, DAY, flows, log, MINUTE, type Move, play, RUNS, runsOf } from "./person.ts";

const ms = (duration: string) => parseDuration(duration) ?? Number.NaN;
const WEIGHTS: { readonly [kind in FlowKind]?: number } = { tooltip: 1, banner: 1, modal: 2 };
const byId = new Map(flows.map((flow) => [flow.id as string, flow]));

const budget = fc.record({
  perSession: fc.integer({ min: 1, max: 4 }),
  perDay: fc.integer({ min: 1, max: 6 }),
  perWeek: fc.integer({ min: 2, max: 9 }),
  minGap: fc.constantFrom("1s", "2m", "10m"),
  afterDismiss: fc.record({
    base: fc.constantFrom("1m", "11m"),
    factor: fc.constantFrom(1, 2, 3),
    max: fc.constantFrom("20m", "7d"),
  }),
});

type Limits = typeof budget extends fc.Arbitrary<infer T> ? T : never;

/** What is left of one log that was played: enough to audit it. */
interface Played {
  readonly moves: readonly Move[];
  readonly limits: Limits | null;
  readonly decisions: readonly Decision[];
  readonly runs: readonly (ReturnType<typeof runsOf>[number] & { readonly weight: number })[];
  /** Starts of sessions, oldest first. */
  readonly sessions: readonly number[];
  /** Runs whose end was recorded, each time. */
  readonly ended: readonly string[];
  /** The most of a slot's kinds that were drawn at once. */
  readonly most: { readonly focus: number; readonly banner: number; readonly checklist: number };
  readonly pending: number;
}

const weightOf = (flow: string) => WEIGHTS[byId.get(flow)?.kind ?? "hotspot"] ?? 0;

function playLog(moves: readonly Move[], limits: Limits | null): Played {
  const driver = createDriver({ config: { ...config, settings: { budget: limits } } });
  const sessions = new Set([driver.state.session.start]);
  const most = { focus: 0, banner: 0, checklist: 0 };
  for (const each of moves) {
    play(driver, each);
    sessions.add(driver.state.session.start);
    const kinds = driver.state.local.open
      .filter(({ on }) => on !== null)
      .map(({ flow }) => flow.split("-")[0] ?? "");
    const count = (...some: string[]) => kinds.filter((kind) => some.includes(kind)).length;
    most.focus = Math.max(most.focus, count("tooltip", "modal"));
    most.banner = Math.max(most.banner, count("banner"));
    most.checklist = Math.max(most.checklist, count("checklist"));
  }
  return {
    moves,
    limits,
    most,
    decisions: driver.decisions,
    runs: runsOf(driver).map((run) => ({ ...run, weight: weightOf(run.flow) })),
    sessions: [...sessions].sort((a, b) => a - b),
    ended: driver.effects.flatMap((one) =>
      one.type === "record" && one.event === "cairn.flow.ended" ? [one.run ?? ""] : [],
    ),
    pending: driver.state.local.pending.length,
  };
}

/** Played once, audited by every test: half with a budget each of its own, half with none. */
const played = fc
  .sample(fc.tuple(log, budget), 2 * RUNS.numRuns)
  .map(([moves, limits], i) => playLog(moves, i % 2 ? limits : null));

/** Audits every log; a failure names the log. */
function audit(check: (one: Played) => void, some: (one: Played) => boolean = () => true): void {
  const asked = played.filter(some);
  expect(asked.length).toBeGreaterThanOrEqual(RUNS.numRuns);
  for (const one of asked)
    try {
      check(one);
    } catch (problem) {
      throw new Error(`${problem}\non ${JSON.stringify([one.limits, one.moves])}`);
    }
}

/** How often each part of a gate has held, so that no property is true of nothing. */
function heldBy(reason: string): Map<string, number> {
  const held = new Map<string, number>();
  for (const { decisions } of played)
    for (const one of decisions)
      if (one.reason === reason) held.set(one.detail ?? "", (held.get(one.detail ?? "") ?? 0) + 1);
  return held;
}

const triggered = ({ outcome, start }: Decision) => outcome === "shown" && start === "trigger";

describe(`on ${played.length} logs, half of them with a budget of their own`, () => {
  it("nothing is shown that does not fit into what is spent and reserved", () => {
    let checked = 0;
    audit(
      ({ limits, decisions, runs, sessions }) => {
        if (!limits) return;
        for (const { at, flow, run: id } of decisions.filter(triggered)) {
          const weight = weightOf(flow);
          if (weight === 0 || byId.get(flow)?.critical) continue;
          checked++;
          const others = runs.filter((run) => run.id !== id && run.weight > 0);
          // Only what was open before this moment and is open after it was surely reserved at it.
          const reserved = others.reduce(
            (sum, { start, end = at + 1, seen = at + 1, weight: one }) =>
              sum + (start < at && end > at && seen > at ? one : 0),
            weight,
          );
          const used = (from: number) =>
            others.reduce(
              (sum, { seen, weight: one }) =>
                sum + (seen !== undefined && seen >= from && seen < at ? one : 0),
              reserved,
            );
          expect(used(at - DAY + 1)).toBeLessThanOrEqual(limits.perDay);
          expect(used(at - 7 * DAY + 1)).toBeLessThanOrEqual(limits.perWeek);
          expect(used(sessions.findLast((start) => start <= at) ?? 0)).toBeLessThanOrEqual(limits.perSession);
          for (const { seen, end } of others)
            if (seen !== undefined && end !== undefined && end < at)
              expect(at - end).toBeGreaterThanOrEqual(ms(limits.minGap));
        }
      },
      ({ limits }) => limits !== null,
    );
    const held = heldBy("budget");
    console.log(`${checked} weighted starts; held by budget: ${JSON.stringify(Object.fromEntries(held))}`);
    expect(checked).toBeGreaterThan(0.8 * RUNS.numRuns);
    for (const limit of ["perSession", "perDay", "perWeek", "minGap"])
      expect(held.get(limit) ?? 0, limit).toBeGreaterThan(RUNS.numRuns / 50);
  });

  it("nothing is shown before the pause after dismissals is over", () => {
    audit(
      ({ limits, decisions, runs }) => {
        if (!limits) return;
        const { base, factor, max } = limits.afterDismiss;
        for (const { at, flow, run: id } of decisions.filter(triggered)) {
          if (weightOf(flow) === 0 || byId.get(flow)?.critical) continue;
          const ended = runs
            .filter((run) => run.id !== id && run.weight > 0 && (run.end ?? at) < at)
            .sort((a, b) => (a.end ?? 0) - (b.end ?? 0));
          // Of two ends at one moment the order is not told.
          if (ended.some(({ end }, i) => end === ended[i + 1]?.end)) continue;
          const healed = ended.findLastIndex(({ why }) => why === "completed");
          const row = ended.slice(healed + 1).filter(({ why }) => why === "dismissed");
          const last = row.at(-1)?.end;
          if (last !== undefined)
            expect(at - last).toBeGreaterThanOrEqual(
              Math.min(ms(base) * factor ** (row.length - 1), ms(max)),
            );
        }
      },
      ({ limits }) => limits !== null,
    );
    expect(heldBy("budget").get("afterDismiss") ?? 0).toBeGreaterThan(RUNS.numRuns / 50);
  });

  it("no flow comes more often, or sooner, than its frequency allows", () => {
    audit(({ decisions, runs }) => {
      for (const { at, flow, run: id } of decisions.filter(triggered)) {
        const { atMost = null, until = "dismissed" } = byId.get(flow)?.frequency ?? {};
        const before = runs.filter((run) => run.flow === flow && run.id !== id && run.start < at);
        const seen = before.filter((run) => run.seen !== undefined && run.seen < at);
        if (atMost !== null) expect(seen.filter(({ why }) => why !== "snoozed").length).toBeLessThan(atMost);
        for (const { start } of seen) expect(at - start).toBeGreaterThanOrEqual(10 * MINUTE);
        const ended = before.filter(({ end = at }) => end < at).map(({ why }) => why);
        if (until === "dismissed") expect(ended).not.toContain("dismissed");
        if (until !== "none") expect(ended).not.toContain("completed");
      }
    });
    const held = heldBy("frequency");
    for (const part of ["atMost", "gap", "until"])
      expect(held.get(part) ?? 0, part).toBeGreaterThan(RUNS.numRuns / 20);
  });

  it("one flow has the focus, one each banner edge, one is the checklist", () => {
    audit(({ most }) => {
      for (const one of Object.values(most)) expect(one).toBeLessThanOrEqual(1);
    });
    expect(heldBy("outranked").size).toBeGreaterThan(3);
  });

  it("every run has exactly one end, and every start exactly one run", () => {
    audit(({ runs, ended, decisions, pending }) => {
      for (const run of runs) expect(run.why !== undefined).toBe(run.end !== undefined);
      expect(ended.length).toBe(new Set(ended).size);
      expect([...ended].sort()).toEqual(
        runs.flatMap(({ id, end }) => (end === undefined ? [] : [id])).sort(),
      );
      const shown = decisions.filter(({ outcome }) => outcome === "shown").map(({ run }) => run);
      expect(shown.sort()).toEqual(runs.map(({ id }) => id).sort());
      expect(pending).toBe(0);
    });
  });
});
