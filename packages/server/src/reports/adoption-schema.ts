import { z } from "@hono/zod-openapi";
import { completeSchema, rateSchema } from "./report-schemas.ts";

const count = z.number().int();
const bound = z.number().nullable();
const share = z
  .object({ numerator: count, n: count, value: z.number(), low: bound, high: bound })
  .nullable()
  .openapi({ description: "One account's figure; more users than seats is no share and has no interval" });
const figure = {
  n: count.openapi({ description: "Accounts that have the figure" }),
  missing: count.openapi({ description: "Accounts of which it is not known; never counted as 0" }),
  quartiles: z.object({ p25: bound, median: bound, p75: bound }).openapi({
    description: "Over these accounts: the least value that a quarter, half, three quarters do not exceed",
  }),
  none: rateSchema.nullable().openapi({ description: "Accounts at 0" }),
  full: rateSchema.nullable().openapi({ description: "Accounts at 1 or above" }),
  trend: z.boolean().openapi({ description: "False below 30 accounts: cannot tell yet" }),
};
const summary = {
  accounts: count.openapi({ description: "Accounts first seen before this moment" }),
  immature: count.openapi({ description: "Of them, those seen for less than 28 days: in no figure" }),
  breadth: z.object(figure).openapi({ description: "Key features activated ÷ available" }),
  depth: z
    .object({
      ...figure,
      over: count.openapi({ description: "Accounts with more active users than seats" }),
    })
    .openapi({ description: "Active users ÷ paid seats (the account's trait `seats`)" }),
  frequency: z
    .object(figure)
    .openapi({ description: "Active ÷ last four expected weeks of the activated features" }),
};

export const adoptionSummarySchema = z.object(summary);
const accountSchema = z.object({
  id: z.string(),
  immature: z.boolean().openapi({ description: "Seen for less than 28 days: in no quartile and no share" }),
  users: count.openapi({ description: "People active in the 28 days before `to`" }),
  seats: count.nullable().openapi({ description: "The account's trait `seats` as it was at `to`" }),
  breadth: share,
  depth: share,
  frequency: share,
});
export const adoptionSchema = z
  .object({
    from: z.string(),
    to: z.string(),
    timezone: z.string(),
    segment: z.string().nullable(),
    unit: z.literal("account"),
    features: z
      .array(z.object({ id: z.string(), name: z.string(), expectedEvery: z.string() }))
      .openapi({ description: "The key features: what breadth and frequency are of" }),
    ...summary,
    weeks: z
      .array(z.object({ week: z.string(), complete: completeSchema, ...summary }))
      .openapi({ description: "The same at the end of each week, over the 28 days before it" }),
    perAccount: z
      .array(accountSchema)
      .openapi({ description: "Each account at `to`, by id; at most `limit`" }),
  })
  .openapi("AdoptionReport");

export type AdoptionReport = z.infer<typeof adoptionSchema>;
export type AdoptionSummary = z.infer<typeof adoptionSummarySchema>;
export type AdoptionFigure = AdoptionSummary["breadth"];
export type AccountAdoption = AdoptionReport["perAccount"][number];
