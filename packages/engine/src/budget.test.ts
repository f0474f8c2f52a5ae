import type { Budget } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import { budgetHold, settle, spend } from "./budget.ts";
import type { CompiledFlow } from "./compiled.ts";
import { compile } from "./full.ts";
import { rebuildLedger } from "./rebuild-ledger.ts";
import { aConfig, aFlow, createDriver, START } from "./testing.ts";
import { createState, emptyLedger, type Run } from "./user-state.ts";

const SECOND = 1_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const loose: Partial<Budget> = {
  perSession: 99,
  perDay: 99,
  perWeek: 99,
  minGap: "1s",
  afterDismiss: { base: "1s" },
};
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const aRun = (more: Partial<Run> = {}): Run => ({
  device: "d",
  how: "trigger",
  start: START,
  weight: 1,
  step: null,
  stepAt: START,
  path: [],
  shown: [],
  ...more,
});

function aPerson(runs: { readonly [flow: string]: readonly Run[] } = {}, now = START) {
  const state = createState({ device: "d", anonymousId: "u", now });
  for (const [flow, some] of Object.entries(runs))
    state.shared.runs[flow] = Object.fromEntries(some.map((run, i) => [`${flow}${i}`, run]));
  return state;
}

/** What holds back a flow of that kind from somebody who has spent this at these moments. */
function holdOf(kind: string, budget: Partial<Budget>, spent: [at: number, weight: number][]) {
  const compiled = compile(
    aConfig([aFlow("a", { kind })], { settings: { budget: { ...loose, ...budget } } }),
  );
  const state = aPerson();
  state.local.ledger.spent = spent;
  return budgetHold(compiled, state, [...compiled.flows.values()][0] as CompiledFlow);
}

describe("when a full limit opens", () => {
  const [first, second] = [START - 20 * HOUR, START - 10 * HOUR];

  it("is the moment at which the oldest exposure leaves the window, where that is enough", () => {
    const spent: [number, number][] = [
      [first, 1],
      [second, 1],
    ];
    expect(holdOf("tooltip", { perDay: 2 }, spent)).toEqual({ detail: "perDay", opens: first + DAY });
    expect(holdOf("tooltip", { perWeek: 2 }, spent)).toEqual({ detail: "perWeek", opens: first + WEEK });
  });

  it("waits for as many exposures to leave as a heavy flow needs", () => {
    const spent: [number, number][] = [
      [first, 1],
      [second, 1],
    ];
    expect(holdOf("modal", { perDay: 2 }, spent)).toEqual({ detail: "perDay", opens: second + DAY });
  });

  it("cannot be told for a session, or where the flow alone is too heavy", () => {
    expect(holdOf("tooltip", { perSession: 1 }, [[START, 1]])).toEqual({ detail: "perSession", opens: null });
    expect(holdOf("modal", { perDay: 1 }, [])).toEqual({ detail: "perDay", opens: null });
  });
});

describe("what the ledger keeps", () => {
  it("is nothing of a run that weighs nothing", () => {
    const ledger = emptyLedger();
    spend(ledger, aRun({ weight: 0 }), START);
    settle(ledger, aRun({ weight: 0, seen: START, end: START, why: "dismissed" }));
    expect(ledger).toEqual(emptyLedger());
  });

  it("is a week of exposures, and no moment more", () => {
    const ledger = emptyLedger();
    for (const at of [START, START + 1, START + WEEK]) spend(ledger, aRun(), at);
    expect(ledger.spent.map(([at]) => at - START)).toEqual([1, WEEK]);
  });

  it("is the latest end of a run that was seen, and not that of one nobody saw", () => {
    const ledger = emptyLedger();
    settle(ledger, aRun({ seen: START, end: START + 5 * SECOND, why: "completed" }));
    settle(ledger, aRun({ seen: START, end: START + 2 * SECOND, why: "completed" }));
    settle(ledger, aRun({ end: START + 9 * SECOND, why: "completed" }));
    expect(ledger.end).toBe(START + 5 * SECOND);
  });
});

describe("a ledger made anew from the runs", () => {
  const rebuilt = (runs: { readonly [flow: string]: readonly Run[] }, now?: number) => {
    const state = aPerson(runs, now);
    state.local.ledger.spent = [[1, 99]];
    rebuildLedger(state);
    return state.local.ledger;
  };

  it("is empty where there are none", () => {
    expect(rebuilt({})).toEqual(emptyLedger());
  });

  it("holds the exposures of all flows in the order in which they came", () => {
    const { spent, end } = rebuilt({
      a: [aRun({ seen: START - 5, weight: 2 }), aRun({ seen: START - 1 })],
      b: [aRun({ seen: START - 9 }), aRun({ seen: START - 3, weight: 3 })],
    });
    // All of them are still open.
    expect(end).toBe(-1);
    expect(spent.map(([at, weight]) => [at - START, weight])).toEqual([
      [-9, 1],
      [-5, 2],
      [-3, 3],
      [-1, 1],
    ]);
  });

  it("leaves out what was never seen, what was seen a week ago, and what spends nothing", () => {
    expect(
      rebuilt({
        a: [aRun(), aRun({ seen: START - WEEK }), aRun({ seen: START - WEEK + 1 })],
        b: [
          aRun({ seen: START - 2, how: "forced" }),
          aRun({ seen: START - 3, end: START - 3, ghost: "flow" }),
          aRun({ seen: START - 4, end: START - 4, ghost: "program" }),
          aRun({ seen: START - 5, how: "manual" }),
        ],
      }),
    ).toEqual({
      spent: [
        [START - WEEK + 1, 1],
        [START - 5, 1],
        [START - 4, 1],
      ],
      end: START - 4,
      row: 0,
      rowAt: -1,
    });
  });

  it("counts the dismissals since the last completion, in the order of their ends", () => {
    const ended = (end: number, why: Run["why"]) =>
      aRun({ seen: START - 99, end: START + end, ...(why && { why }) });
    expect(
      rebuilt({
        a: [ended(-1, "dismissed"), ended(-7, "completed"), ended(-9, "dismissed")],
        b: [ended(-3, "dismissed"), ended(-5, "stopped"), aRun({ seen: START - 2 })],
      }),
    ).toMatchObject({ end: START - 1, row: 2, rowAt: START - 1 });
    expect(
      rebuilt({ a: [ended(-1, "completed")], b: [ended(-3, "dismissed"), ended(-2, "dismissed")] }),
    ).toMatchObject({ row: 0, rowAt: START - 2 });
  });

  it("makes a person's other device keep to the limits, the gap and the pause", () => {
    const config = (budget: Partial<Budget>) =>
      aConfig([aFlow("a", { trigger: { event: "x" } }), aFlow("b", { trigger: { event: "y" } })], {
        settings: { budget: { ...loose, ...budget } },
      });
    for (const [budget, detail] of [
      [{ perDay: 1 }, "perDay"],
      [{ perWeek: 1 }, "perWeek"],
      [{ minGap: "2m" }, "minGap"],
      [{ afterDismiss: { base: "1h" } }, "afterDismiss"],
    ] as const) {
      const there = createDriver({ config: config(budget), deviceId: "there" });
      there.track("x");
      there.expose("a");
      there.act("a", { kind: "close" });
      const here = createDriver({ config: config(budget), deviceId: "here", now: there.now + 60 * SECOND });
      here.send({ type: "merge", state: copy(there.state) });
      here.track("y");
      expect(here.decisions.at(-1)).toMatchObject({ flow: "b", reason: "budget", detail });
    }
  });
});
