import { FLOW_KINDS, type Json } from "@cairn/flow-schema";
import { z } from "@hono/zod-openapi";

const count = z.number().int();
export const rateSchema = z
  .object({ numerator: count, n: count, value: z.number(), low: z.number(), high: z.number() })
  .openapi("Rate", { description: "A share of n with its 95 % interval (Wilson)" });

export const activationSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    timezone: z.string(),
    features: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        level: z.enum(["user", "account"]),
        unit: z.enum(["user", "account"]),
        entitled: count,
        states: z.object({ untried: count, tried: count, activated: count, lapsed: count }),
        rate: rateSchema.nullable(),
        weeks: z.array(
          z.object({
            week: z.string().openapi({ description: "Monday of the week, YYYY-MM-DD" }),
            complete: z.boolean().openapi({ description: "Whether the week had ended at `to`" }),
            entitled: count,
            active: count,
            tried: count,
            activated: count,
            lapsed: count,
            newlyActivated: count,
          }),
        ),
      }),
    ),
  })
  .openapi("ActivationReport");

export const funnelSchema = z
  .object({
    flow: z.string(),
    kind: z.enum(FLOW_KINDS),
    from: z.string(),
    to: z.string(),
    unit: z.literal("user"),
    decided: z.object({ shown: count, withheld: count, held: z.record(z.string(), count) }),
    exposed: count.openapi({
      description: "People who saw the first step (or the checklist): n of every share",
    }),
    steps: z.array(
      z.object({ id: z.string(), title: z.string(), users: count, share: rateSchema.nullable() }),
    ),
    completed: count,
    dismissed: count,
    goal: z.object({ users: count, within: z.string().nullable() }).nullable(),
  })
  .openapi("FunnelReport");

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
export type FunnelReport = z.infer<typeof funnelSchema>;
export type DecisionsReport = z.infer<typeof decisionsSchema>;
export type DecisionRow = DecisionsReport["decisions"][number];
export type Catalog = z.infer<typeof catalogSchema>;
