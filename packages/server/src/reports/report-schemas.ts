import { FLOW_KINDS, type Json } from "@cairn/flow-schema";
import { z } from "@hono/zod-openapi";

const count = z.number().int();
export const rateSchema = z
  .object({ numerator: count, n: count, value: z.number(), low: z.number(), high: z.number() })
  .openapi("Rate", { description: "A share of n with its 95 % interval (Wilson)" });

/** Of a row that is a week: accounts may have their own time zones, and each has its own end of it. */
export const completeSchema = z
  .boolean()
  .openapi({ description: "Whether the week had ended at `to`, by the clocks of everybody seen before" });

const rate = rateSchema.nullable();
const days = z.number().nullable();
const summary = {
  entitled: count,
  states: z.object({ untried: count, tried: count, activated: count, lapsed: count }),
  rate: rate.openapi({ description: "Of those active in the range, those in state activated at `to`" }),
  retained: rate.openapi({
    description: "Of those whose moment of activation lies before `from`, those who used it in the range",
  }),
  timeToActivate: z.object({
    started: count.openapi({ description: "Entitled units first seen in the range" }),
    activated: count,
    quartiles: z.object({ p25: days, median: days, p75: days }).openapi({
      description: "Days until a quarter, half, three quarters had activated (Kaplan–Meier); null: not yet",
    }),
    within: z.array(
      z.object({
        days: count,
        rate,
        immature: count.openapi({ description: "Units not observed for so long; in no share" }),
      }),
    ),
  }),
  trend: z.boolean().openapi({ description: "False below 30: cannot tell yet" }),
};
export const summarySchema = z.object(summary);
const weekSchema = z.object({
  week: z.string().openapi({ description: "Monday of the week, YYYY-MM-DD" }),
  complete: completeSchema,
  entitled: count,
  active: count,
  tried: count,
  activated: count,
  lapsed: count,
  newlyActivated: count,
  retained: count,
  rate,
  cohort: z
    .object({
      started: count,
      rate,
      immature: z.boolean().openapi({ description: "Whether it can still change" }),
    })
    .openapi({ description: "Units first seen in this week: the share activated within 14 days" }),
});
export const activationSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    timezone: z.string(),
    by: z.string().nullable(),
    segment: z.string().nullable(),
    features: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        level: z.enum(["user", "account"]),
        unit: z.enum(["user", "account"]),
        ...summary,
        weeks: z.array(weekSchema),
        groups: z
          .array(z.object({ value: z.string().nullable(), other: z.boolean(), ...summary }))
          .nullable()
          .openapi({ description: "With `by`, largest first; null where units of this level have none" }),
      }),
    ),
  })
  .openapi("ActivationReport");

const decided = {
  triggered: count.openapi({ description: "People for whom something was decided" }),
  decided: z.object({
    shown: count,
    withheld: count,
    held: z.record(z.string(), count).openapi({ description: "People by reason" }),
    holds: z.record(z.string(), count).openapi({ description: "How many times by reason" }),
  }),
};
export const funnelSchema = z
  .object({
    flow: z.string(),
    kind: z.enum(FLOW_KINDS),
    from: z.string(),
    to: z.string(),
    timezone: z.string(),
    unit: z.literal("user"),
    eligible: count.openapi({ description: "Active people whom the audience does not rule out" }),
    ...decided,
    weeks: z
      .array(z.object({ week: z.string(), complete: completeSchema, ...decided }))
      .openapi({ description: "The decisions of each week, as far as it lies in the range" }),
    exposed: count.openapi({ description: "People who saw the first step (or the checklist)" }),
    window: z.string().nullable().openapi({
      description: "How long after their exposure anything counts: the goal's `within`; null: to the end",
    }),
    immature: count.openapi({
      description: "Exposed people whose window had not ended at `to`: in no share. n is the others",
    }),
    steps: z.array(z.object({ id: z.string(), title: z.string(), users: count, share: rate })),
    completed: count,
    completedShare: rate,
    dismissed: count,
    dismissedShare: rate,
    goal: z.object({ users: count, within: z.string().nullable(), share: rate }).nullable(),
    trend: z
      .boolean()
      .openapi({ description: "False where fewer than 30 are in the shares: cannot tell yet" }),
  })
  .openapi("FunnelReport");

const health = {
  looked: count.openapi({ description: "Runs that looked for the step's target" }),
  found: count.openapi({ description: "Found by its first choice" }),
  fallbacks: z.array(z.object({ rank: count, runs: count })).openapi({
    description: "Found by a fallback, by its place in the list from 1",
  }),
  missing: count,
  reached: rate.openapi({ description: "Found, by whatever means" }),
};
export const targetsSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    unit: z.literal("run"),
    steps: z.array(
      z.object({
        flow: z.string(),
        step: z.string(),
        title: z.string(),
        target: z.string(),
        ...health,
        waiting: count.openapi({ description: "People held because the first target was not there" }),
        releases: z.array(z.object({ release: z.string().nullable(), ...health })),
      }),
    ),
  })
  .openapi("TargetsReport");

export const decisionsSchema = z
  .object({
    decisions: z.array(
      z.object({
        at: z.string(),
        user: z.string(),
        flow: z.string(),
        outcome: z.enum(["shown", "held", "withheld"]),
        reason: z.string().optional(),
        detail: z.string().optional(),
        count: count.optional(),
        page: z.string().optional(),
      }),
    ),
    users: z
      .array(z.string())
      .optional()
      .openapi({ description: "Without `user`: whose decisions came last, latest first" }),
  })
  .openapi("DecisionsReport");

const jsonSchema = z
  .custom<Json>()
  .openapi("Json", { type: ["object", "array", "string", "number", "boolean", "null"] });
const seen = { count, lastSeen: z.string() };
const attribute = z.object({ path: z.string(), ...seen, example: jsonSchema });
export const catalogSchema = z
  .object({
    events: z.array(z.object({ name: z.string(), ...seen, example: jsonSchema })),
    attributes: z.object({ user: z.array(attribute), account: z.array(attribute) }),
    anchors: z.array(z.object({ name: z.string(), ...seen })),
    pages: z.array(z.object({ path: z.string(), ...seen })),
  })
  .openapi("Catalog");

export type Rate = z.infer<typeof rateSchema>;
export type ActivationReport = z.infer<typeof activationSchema>;
export type FeatureActivation = ActivationReport["features"][number];
export type ActivationWeek = FeatureActivation["weeks"][number];
export type ActivationSummary = z.infer<typeof summarySchema>;
export type ActivationGroup = NonNullable<FeatureActivation["groups"]>[number];
export type TargetsReport = z.infer<typeof targetsSchema>;
export type TargetHealth = TargetsReport["steps"][number];
export type FunnelReport = z.infer<typeof funnelSchema>;
export type DecisionsReport = z.infer<typeof decisionsSchema>;
export type DecisionRow = DecisionsReport["decisions"][number];
export type Catalog = z.infer<typeof catalogSchema>;
