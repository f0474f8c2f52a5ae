import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { httpError } from "../errors.ts";
import { activationCsv, activationReport } from "../reports/activation.ts";
import { decisionsCsv, decisionsReport } from "../reports/decisions.ts";
import { funnelCsv, funnelReport } from "../reports/funnel.ts";
import { activationSchema, decisionsSchema, funnelSchema } from "../reports/report-schemas.ts";
import type { ServerDeps } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { errors, momentSchema, SECRET } from "./schemas.ts";

const DAY_MS = 86_400_000;
/** What a report covers when nobody says: the last 90 days. */
const DEFAULT_DAYS = 90;

const format = z.enum(["json", "csv"]).optional().openapi({ description: "Or ask with `Accept: text/csv`" });
const range = {
  from: momentSchema.optional().openapi({ description: "Inclusive. Default: 90 days before `to`" }),
  to: momentSchema.optional().openapi({ description: "Exclusive. Default: now" }),
  format,
};
const common = { method: "get" as const, tags: ["Reports"], security: SECRET };
const report = <T extends z.ZodType>(schema: T) => ({
  description: "The report; each number is defined in docs/metrics.md",
  content: { "application/json": { schema }, "text/csv": { schema: z.string() } },
});

const activation = createRoute({
  ...common,
  path: "/v1/reports/activation",
  summary: "Who tried, activated, kept or lost each feature, week by week",
  request: { query: z.object({ feature: z.string().optional(), ...range }) },
  responses: { 200: report(activationSchema), ...errors(400, 401, 403, 404) },
});
const funnel = createRoute({
  ...common,
  path: "/v1/reports/funnel",
  summary: "What became of one flow: decided, seen step by step, completed, goal",
  request: { query: z.object({ flow: z.string(), ...range }) },
  responses: { 200: report(funnelSchema), ...errors(400, 401, 403, 404) },
});
const decisions = createRoute({
  ...common,
  path: "/v1/reports/decisions",
  summary: "Why one person saw a flow, or did not; latest first",
  request: {
    query: z.object({
      user: z.string().optional(),
      flow: z.string().optional(),
      ...range,
      limit: z.coerce.number().int().min(1).max(1000).default(200),
    }),
  },
  responses: { 200: report(decisionsSchema), ...errors(400, 401, 403) },
});

export function reportRoutes(deps: ServerDeps) {
  const { storage, now } = deps;
  return routeApp()
    .openapi(activation, async (c) => {
      const query = c.req.valid("query");
      const { environment } = c.var.caller;
      const range = rangeOf(query, now());
      const result = await activationReport(storage, environment, { ...range, feature: query.feature });
      if (wantsCsv(c, query.format)) return csv(c, activationCsv(result));
      return c.json(result, 200);
    })
    .openapi(funnel, async (c) => {
      const query = c.req.valid("query");
      const range = rangeOf(query, now());
      const result = await funnelReport(storage, c.var.caller.environment, { ...range, flow: query.flow });
      if (wantsCsv(c, query.format)) return csv(c, funnelCsv(result));
      return c.json(result, 200);
    })
    .openapi(decisions, async (c) => {
      const { user, flow, limit, ...query } = c.req.valid("query");
      const { environment } = c.var.caller;
      const range = rangeOf(query, now());
      const result = await decisionsReport(storage, environment, { ...range, user, flow, limit });
      if (wantsCsv(c, query.format)) return csv(c, decisionsCsv(result));
      return c.json(result, 200);
    });
}

function rangeOf(query: { from?: string | undefined; to?: string | undefined }, now: number) {
  const to = query.to === undefined ? now : Date.parse(query.to);
  const from = query.from === undefined ? to - DEFAULT_DAYS * DAY_MS : Date.parse(query.from);
  if (from >= to) throw httpError("bad-request", "`from` must be before `to`.");
  return { from, to };
}

function wantsCsv(c: Context, format: "json" | "csv" | undefined): boolean {
  return format === "csv" || (format === undefined && (c.req.header("accept") ?? "").includes("text/csv"));
}

/** Typed as a plain answer: clients with types ask for JSON. */
function csv(c: Context, text: string): never {
  return c.body(text, 200, { "Content-Type": "text/csv; charset=utf-8; header=present" }) as never;
}
