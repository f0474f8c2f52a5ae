import type { Condition, Flow } from "@cairn/flow-schema";
import fc from "fast-check";
import { expect, it } from "vitest";
import { compile } from "../../src/index.ts";
import { and } from "../../src/lint/formula.ts";
import { type Finding, lint } from "../../src/lint/index.ts";
import { createProver } from "../../src/lint/prover.ts";
import { aFlow } from "../../src/testing.ts";
import { truth } from "../../src/truth.ts";
import { FULL } from "../full.ts";
import { randomOf } from "./attribute-rules.ts";
import { condition, crowdedCondition, FEATURES, SEGMENTS } from "./conditions.ts";
import { live } from "./world.ts";

const { formulaOf, isAlways, isNever } = createProver({
  features: new Map(FEATURES.map((one) => [one.id as string, one])),
  segments: new Map(SEGMENTS.map((one) => [one.id as string, one])),
});
const SETTINGS = { budget: null } as const;
const BANNER = aFlow("banner", {
  kind: "hotspot",
  trigger: { event: "c" },
  frequency: { atMost: null, gap: "1h", until: "none" },
});
const LIVES = FULL ? 40 : 10;
const SINCE = [0, 1_000, 3_600_000, 86_400_000, 14 * 86_400_000];
const STEPS = 60;

/** Any number of them may be open at once, so none stands in another's way. */
const hotspot = (id: string, more: object) =>
  aFlow(id, { kind: "hotspot", frequency: { atMost: null, gap: "1s", until: "none" }, ...more });

/** Lives some lives with these flows, and tells of each input's decisions. */
function observe(flows: readonly Flow[], seed: number, look: (decisions: readonly Look[]) => void) {
  const random = randomOf(seed);
  for (let i = 0; i < LIVES; i++) {
    const config = {
      schemaVersion: 1 as const,
      flows: [...flows, BANNER],
      features: FEATURES,
      segments: SEGMENTS,
      settings: SETTINGS,
    };
    const { driver, step } = live({ config }, random);
    for (let n = 0; n < STEPS; n++) {
      const decisions = step();
      look(decisions as unknown as readonly Look[]);
      if (!driver.screen.has("banner") || random(3) > 0) continue;
      driver.expose("banner");
      if (random(2)) driver.act("banner", { kind: "close" });
    }
  }
}
interface Look {
  readonly flow: string;
  readonly outcome: string;
  readonly reason?: string;
}

/** Conditions that the linter calls impossible, or certain, out of as many. */
function judged(runs: number, since: boolean, seed: number) {
  const found = { never: [] as Condition[], always: [] as Condition[] };
  for (const one of fc.sample(fc.oneof(condition, crowdedCondition), { numRuns: runs, seed })) {
    const formula = formulaOf(one, since);
    if (isNever(formula)) found.never.push(one);
    else if (isAlways(formula)) found.always.push(one);
  }
  return found;
}

/** Every condition is asked this often, in lives made from the constants that conditions name. */
const TRIES = FULL ? 10_000 : 160;

it.each([
  ["", false, 1, TRIES],
  ["with events counted from an exposure on, ", true, 2, TRIES / 4],
] as const)(
  "%sfinds no moment that contradicts what it calls impossible, or certain",
  { timeout: 600_000 },
  (_, since, seed, tries) => {
    const { never, always } = judged(1_500, since, seed);
    console.log(`of 1,500 conditions ${never.length} can never be true, ${always.length} are always true`);
    expect(never.length).toBeGreaterThan(150);
    expect(always.length).toBeGreaterThan(5);
    const random = randomOf(seed + 10);
    // The trigger never fires, so that only what is asked here is asked.
    const flows = [...never, ...always].map((audience, i) =>
      hotspot(`flow-${i}`, { audience, trigger: { event: "none" } }),
    );
    const config = {
      schemaVersion: 1 as const,
      flows: [...flows, BANNER],
      features: FEATURES,
      segments: SEGMENTS,
      settings: SETTINGS,
    };
    const compiled = compile(config);
    const nodes = flows.map(({ id }) => compiled.flows.get(id)?.audience);
    let sure = 0;
    for (let life = 0; life < LIVES; life++) {
      const one = live({ config }, random);
      const { driver } = one;
      for (let n = 0; n < tries / LIVES; n++) {
        one.step();
        if (driver.screen.has("banner") && random(3) === 0) {
          driver.expose("banner");
          if (random(2)) driver.act("banner", { kind: "close" });
        }
        const { now } = driver.state;
        const from = since ? { since: now - SINCE[random(SINCE.length)]! } : {};
        const asked = { compiled, state: driver.state, env: one.env, now, moment: one.input, ...from };
        for (const [i, node] of nodes.entries()) {
          const value = truth(node!, asked);
          if (value !== null) sure++;
          if (value === i < never.length) expect({ condition: flows[i]?.audience, value }).toBe("impossible");
        }
      }
    }
    console.log(`${sure} answers that are not "unknown"`);
    expect(sure).toBeGreaterThan((tries * flows.length) / 2);
  },
);

const errorAt = (findings: readonly Finding[], codes: readonly string[], path: string) =>
  findings.some(
    ({ code, severity, path: at }) => codes.includes(code) && severity === "error" && at.startsWith(path),
  );

it("sees no flow set off whose trigger it says never fires, and none shown that it says nobody can get", {
  timeout: 600_000,
}, () => {
  const parts = fc.sample(fc.tuple(fc.oneof(condition, crowdedCondition), condition), {
    numRuns: 1_500,
    seed: 3,
  });
  const silent = new Map<string, Flow>();
  const unseen = new Map<string, Flow>();
  const shown = new Map<string, Flow>();
  for (const [i, [trigger, audience]] of parts.entries()) {
    const flow = hotspot(`flow-${i}`, { trigger, ...(i % 3 && { audience }) });
    const findings = lint({
      flows: [flow, BANNER],
      features: FEATURES,
      segments: SEGMENTS,
      settings: SETTINGS,
    });
    if (errorAt(findings, ["never-true", "never-fires"], "/trigger")) silent.set(flow.id, flow);
    else if (findings.some(({ severity, flow: id }) => id === flow.id && severity === "error"))
      unseen.set(flow.id, flow);
    else shown.set(flow.id, flow);
  }
  console.log(
    `of 1,500 flows ${silent.size} are never set off, ${unseen.size} never come for another reason`,
  );
  expect(silent.size).toBeGreaterThan(100);
  expect(unseen.size).toBeGreaterThan(50);
  const seen = new Set<string>();
  const few = (flows: ReadonlyMap<string, Flow>) => [...flows.values()].slice(0, 100);
  observe([...few(silent), ...few(unseen), ...few(shown)], 9, (decisions) => {
    for (const { flow, outcome } of decisions) {
      if (silent.has(flow)) expect(silent.get(flow)).toBe("silent");
      if (outcome !== "shown") continue;
      if (unseen.has(flow)) expect(unseen.get(flow)).toBe("never shown");
      seen.add(flow);
    }
  });
  console.log(`${seen.size} of 100 other flows were shown`);
  expect(seen.size).toBeGreaterThan(30);
});

it("knows that two conditions exclude each other only where each is possible", () => {
  const [a, b] = [{ user: { plan: "pro" } }, { user: { plan: "trial" } }].map((one) =>
    formulaOf(one as Condition),
  );
  expect(isNever(and(a ?? false, b ?? false))).toBe(true);
  expect(isNever(a ?? false)).toBe(false);
});
