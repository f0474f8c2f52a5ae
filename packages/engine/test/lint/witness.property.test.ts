import type { Condition, Flow } from "@cairn/flow-schema";
import { validateFlow } from "@cairn/flow-schema";
import fc from "fast-check";
import { expect, it } from "vitest";
import { lint } from "../../src/lint/index.ts";
import { FULL } from "../full.ts";
import { randomOf } from "./attribute-rules.ts";
import { condition, crowdedCondition, FEATURES, SEGMENTS } from "./conditions.ts";
import { live } from "./world.ts";

const SETTINGS = {
  budget: {
    perSession: 1_000,
    perDay: 1_000,
    perWeek: 1_000,
    minGap: "1s",
    afterDismiss: { base: "1s", factor: 1, max: "1s" },
  },
} as const;
const WANTED = FULL ? 200 : 80;

const title = { en: "A title", ru: "Заголовок" };
const got = { id: "ok", label: { en: "Got it", ru: "Понятно" }, do: "done" };
const next = { id: "next", label: { en: "Next", ru: "Дальше" }, do: "next" };
const later = { id: "later", label: { en: "Later", ru: "Позже" }, do: { snooze: "1d" } };

/** One to four steps, sometimes with a branch that covers every case. */
const steps = fc
  .tuple(fc.integer({ min: 1, max: 4 }), fc.boolean(), fc.boolean(), condition)
  .map(([count, branches, conditional, when]) =>
    Array.from({ length: count }, (_, i) => ({
      id: `step-${i}`,
      title,
      actions: i === count - 1 ? [got, later] : [next, later],
      ...(conditional && i > 0 && i < count - 1 && lives(when) && { showWhen: when }),
      ...(branches &&
        i === 0 &&
        count > 2 && { next: [{ when: { user: { plan: "pro" } }, step: "step-2" }, { step: "step-1" }] }),
    })),
  );

/** A condition that anybody can come to fit. */
const lives = (one: Condition): boolean =>
  "event" in one && one.atMost === undefined && one.exactly === undefined && !one.where;

const goal = fc.constantFrom<object>(
  {},
  { goal: { reach: { event: "c" }, within: "14d" } },
  {
    goal: {
      reach: {
        any: [
          { feature: "export", is: "activated" },
          { event: "b", atLeast: 2 },
        ],
      },
    },
  },
);
const frequency = fc.constantFrom<object>(
  {},
  { frequency: { atMost: 2, gap: "1d", until: "completed" } },
  { frequency: { atMost: null, until: "none" } },
);

const flow = fc
  .tuple(
    fc.oneof(
      fc
        .tuple(fc.constantFrom("tooltip", "tour", "modal", "slideout", "banner", "hotspot"), steps)
        .map(([kind, list]) => ({ kind, steps: list })),
      fc.constant({ kind: "checklist", title, items: [{ id: "item", title, done: { event: "a" } }] }),
    ),
    fc.option(fc.oneof(condition, crowdedCondition)),
    fc.option(fc.oneof(condition, crowdedCondition)),
    goal,
    frequency,
    fc.integer({ min: 0, max: 100 }),
  )
  .map(
    ([body, audience, trigger, ...rest]) =>
      ({
        schemaVersion: 1,
        ...body,
        ...(audience && { audience }),
        ...(trigger && { trigger }),
        ...Object.assign({}, ...rest.slice(0, 2)),
        priority: rest[2],
      }) as unknown as Flow,
  );

it("has no error to tell of flows that the engine has really shown, each with a life as its witness", {
  timeout: 600_000,
}, () => {
  const random = randomOf(5);
  const shown: Flow[] = [];
  let tried = 0;
  for (let batch = 0; batch < 60 && shown.length < WANTED; batch++) {
    const flows = fc
      .sample(flow, { numRuns: 40, seed: batch + 1 })
      .map((one, i) => ({ ...one, id: `flow-${batch}-${i}` }) as Flow);
    tried += flows.length;
    const seen = new Set<string>();
    for (let life = 0; life < 8; life++) {
      // Each by itself, so that none takes another's place.
      const some = flows.filter(({ id }) => !seen.has(id)).filter((_, i) => i % 8 === life || life > 3);
      const one = live(
        {
          config: {
            schemaVersion: 1,
            flows: some,
            features: FEATURES,
            segments: SEGMENTS,
            settings: SETTINGS,
          },
        },
        random,
      );
      for (let n = 0; n < 60; n++) {
        for (const { flow: id, outcome } of one.step()) if (outcome === "shown") seen.add(id);
        for (const [id] of one.driver.screen) one.driver.send({ type: "stop", flow: id as never });
      }
    }
    shown.push(...flows.filter(({ id }) => seen.has(id)));
  }
  const witnessed = shown.slice(0, WANTED);
  const sizes = witnessed.map((one) => JSON.stringify([one.audience, one.trigger]).length);
  const kinds = new Set(witnessed.map(({ kind }) => kind));
  console.log(
    `${shown.length} of ${tried} flows were shown: ${kinds.size} kinds, conditions of ${Math.min(...sizes)} to ${Math.max(...sizes)} characters`,
  );
  expect(witnessed).toHaveLength(WANTED);
  expect(kinds.size).toBe(7);
  for (const one of witnessed) {
    expect(validateFlow(one)).toMatchObject({ ok: true });
    const errors = lint({ flows: [one], features: FEATURES, segments: SEGMENTS, settings: SETTINGS }).filter(
      ({ severity }) => severity === "error",
    );
    expect({ flow: errors.length ? one : undefined, errors }).toEqual({ flow: undefined, errors: [] });
  }
  // Together they contradict each other no more than alone.
  const together = lint({ flows: witnessed, features: FEATURES, segments: SEGMENTS, settings: SETTINGS });
  expect(together.filter(({ severity }) => severity === "error")).toEqual([]);
});
