import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { httpError } from "../errors.ts";
import { activationCsv } from "../reports/activation-csv.ts";
import { adoptionCsv } from "../reports/adoption-csv.ts";
import { adoptionSchema } from "../reports/adoption-schema.ts";
import { decisionsCsv } from "../reports/decisions.ts";
import { funnelCsv } from "../reports/funnel.ts";
import { activationSchema, decisionsSchema, funnelSchema, targetsSchema } from "../reports/report-schemas.ts";
import { createReports } from "../reports/reports.ts";
import { targetsCsv } from "../reports/targets.ts";
import { VERIFIED } from "../reports/verified-source.ts";
import { createZone, isTimezone } from "../reports/zoned-time.ts";
import type { ServerDeps } from "../server-env.ts";
import type { EnvironmentId } from "../storage/storage.ts";
import { routeApp } from "./route-app.ts";
import { errors, momentSchema, SECRET } from "./schemas.ts";

const DAY_MS = 86_400_000;
/** What a report covers when nobody says: the last 90 days. */
const DEFAULT_DAYS = 90;
/** The longest range, which bounds how many weeks are told. */
const MOST_DAYS = 3_660;

const format = z.enum(["json", "csv"]).optional().openapi({ description: "Or ask with `Accept: text/csv`" });
const timezone = z
  .string()
  .refine(isTimezone, { message: "not a time zone of the IANA database, such as Europe/Berlin" })
  .optional()
  .openapi({
    description:
      "Whose clocks say when a week begins, and a day that `from` or `to` names. Default: the settings' `timezone`, else UTC",
    example: "Europe/Berlin",
  });
const range = {
  from: momentSchema.optional().openapi({ description: "Inclusive. Default: 90 days before `to`" }),
  to: momentSchema.optional().openapi({
    description:
      "Exclusive. Default: now, and so it is in activation, adoption and funnel where it lies ahead",
  }),
  timezone,
  format,
};
const by = z
  .string()
  .max(200)
  .regex(/^(?:segment|(?:user|account)(?:\.[^.]+)+)$/, {
    message: "must be `segment`, or `user.` or `account.` and an attribute, such as account.plan",
  })
  .optional()
  .openapi({ description: "Groups: by an attribute, or by segment", example: "account.plan" });
const verified = z.enum(VERIFIED).default("all").openapi({
  description:
    "`only`: as if no message had come but those that a secret key or a user token vouched for. Reads every message",
});
const common = { method: "get" as const, tags: ["Reports"], security: SECRET };
const report = <T extends z.ZodType>(schema: T) => ({
  description: "The report; each number is defined in docs/metrics.md",
  content: { "application/json": { schema }, "text/csv": { schema: z.string() } },
});

const activation = createRoute({
  ...common,
  path: "/v1/reports/activation",
  summary: "Who tried, activated, kept or lost each feature, week by week",
  request: {
    query: z.strictObject({
      feature: z.string().optional(),
      by,
      segment: z.string().optional().openapi({ description: "Only units of this segment" }),
      verified,
      ...range,
    }),
  },
  responses: { 200: report(activationSchema), ...errors(400, 401, 403, 404) },
});
const adoption = createRoute({
  ...common,
  path: "/v1/reports/adoption",
  summary: "How far accounts have taken the product up: breadth, depth and frequency, week by week",
  request: {
    query: z.strictObject({
      feature: z.string().optional().openapi({ description: "This feature alone, key or not" }),
      segment: z.string().optional().openapi({ description: "Only accounts of this segment" }),
      verified,
      ...range,
      limit: z.coerce.number().int().min(1).max(10_000).default(1000).openapi({
        description: "Most accounts that are told one by one; the figures are always over all",
      }),
    }),
  },
  responses: { 200: report(adoptionSchema), ...errors(400, 401, 403, 404) },
});
const funnel = createRoute({
  ...common,
  path: "/v1/reports/funnel",
  summary: "What became of one flow: decided, seen step by step, completed, goal",
  request: { query: z.strictObject({ flow: z.string(), verified, ...range }) },
  responses: { 200: report(funnelSchema), ...errors(400, 401, 403, 404) },
});
const decisions = createRoute({
  ...common,
  path: "/v1/reports/decisions",
  summary: "Why one person saw a flow, or did not; latest first",
  request: {
    query: z.strictObject({
      user: z.string().optional(),
      flow: z.string().optional(),
      ...range,
      limit: z.coerce.number().int().min(1).max(1000).default(200),
    }),
  },
  responses: { 200: report(decisionsSchema), ...errors(400, 401, 403) },
});

const targets = createRoute({
  ...common,
  path: "/v1/reports/targets",
  summary: "Whether steps find their targets, by step and by release of the host product",
  request: { query: z.strictObject({ flow: z.string().optional(), ...range }) },
  responses: { 200: report(targetsSchema), ...errors(400, 401, 403, 404) },
});

export function reportRoutes({ storage, now, reports = createReports(storage) }: ServerDeps) {
  /** The environment's zone, where nobody asks for another. */
  const inZone = async <Query extends { readonly timezone?: string | undefined }>(
    environment: EnvironmentId,
    query: Query,
  ) => {
    if (query.timezone !== undefined) return { ...query, timezone: query.timezone };
    const { settings } = await storage.definitions(environment);
    return { ...query, timezone: settings?.body.timezone ?? "UTC" };
  };
  return routeApp()
    .openapi(activation, async (c) => {
      const { feature, by, segment, verified, ...given } = c.req.valid("query");
      const query = await inZone(c.var.caller.environment, given);
      const { timezone } = query;
      const asked = { ...untilNow(query, now()), timezone, feature, by, segment, verified };
      const result = await reports.activation(c.var.caller.environment, asked);
      if (wantsCsv(c, query.format)) return csv(c, activationCsv(result));
      return c.json(result, 200);
    })
    .openapi(adoption, async (c) => {
      const { feature, segment, verified, limit, ...given } = c.req.valid("query");
      const query = await inZone(c.var.caller.environment, given);
      const { timezone } = query;
      const asked = { ...untilNow(query, now()), timezone, feature, segment, verified, limit };
      const result = await reports.adoption(c.var.caller.environment, asked);
      if (wantsCsv(c, query.format)) return csv(c, adoptionCsv(result));
      return c.json(result, 200);
    })
    .openapi(funnel, async (c) => {
      const { flow, verified, ...given } = c.req.valid("query");
      const query = await inZone(c.var.caller.environment, given);
      const asked = { ...untilNow(query, now()), timezone: query.timezone, flow, verified };
      const result = await reports.funnel(c.var.caller.environment, asked);
      if (wantsCsv(c, query.format)) return csv(c, funnelCsv(result));
      return c.json(result, 200);
    })
    .openapi(targets, async (c) => {
      const { flow, ...given } = c.req.valid("query");
      const query = await inZone(c.var.caller.environment, given);
      const result = await reports.targets(c.var.caller.environment, { ...rangeOf(query, now()), flow });
      if (wantsCsv(c, query.format)) return csv(c, targetsCsv(result));
      return c.json(result, 200);
    })
    .openapi(decisions, async (c) => {
      const { user, flow, limit, ...given } = c.req.valid("query");
      const query = await inZone(c.var.caller.environment, given);
      const asked = { ...rangeOf(query, now()), user, flow, limit };
      const result = await reports.decisions(c.var.caller.environment, asked);
      if (wantsCsv(c, query.format)) return csv(c, decisionsCsv(result));
      return c.json(result, 200);
    });
}

interface RangeQuery {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly timezone: string;
}

/** A day without an hour begins when it does by the clocks of the time zone. */
function rangeOf({ from, to, timezone }: RangeQuery, now: number) {
  const zone = createZone(timezone);
  const momentOf = (text: string) => (text.includes("T") ? Date.parse(text) : zone.startOf(Date.parse(text)));
  const end = to === undefined ? now : momentOf(to);
  const start = from === undefined ? end - DEFAULT_DAYS * DAY_MS : momentOf(from);
  if (start >= end) throw httpError("bad-request", "`from` must be before `to`.");
  if (end - start > MOST_DAYS * DAY_MS)
    throw httpError("bad-request", `A report covers at most ${MOST_DAYS} days.`);
  return { from: start, to: end };
}

/**
 * How things are at a report's end, what has lapsed and what can still change: of a moment that has not come nobody
 * knows, so that such a report is as of now.
 */
function untilNow(query: RangeQuery, now: number) {
  const { from, to } = rangeOf(query, now);
  if (from >= now) throw httpError("bad-request", "`from` lies ahead: there is nothing to report yet.");
  return { from, to: Math.min(to, now) };
}

function wantsCsv(c: Context, format: "json" | "csv" | undefined): boolean {
  return format === "csv" || (format === undefined && (c.req.header("accept") ?? "").includes("text/csv"));
}

/** Typed as a plain answer: clients with types ask for JSON. */
function csv(c: Context, text: string): never {
  return c.body(text, 200, { "Content-Type": "text/csv; charset=utf-8; header=present" }) as never;
}
