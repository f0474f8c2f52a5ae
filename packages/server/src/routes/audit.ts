import { createRoute, z } from "@hono/zod-openapi";
import { AUDIT_ACTIONS, type AuditAction, toAuditAnswer } from "../access/audit.ts";
import { httpError } from "../errors.ts";
import type { ServerDeps } from "../server-env.ts";
import { SERVER_WIDE } from "../storage/document-store.ts";
import { routeApp } from "./route-app.ts";
import { errors, json, SECRET } from "./schemas.ts";

const entrySchema = z
  .object({
    id: z.number().int(),
    at: z.string(),
    actor: z.string(),
    action: z.enum(AUDIT_ACTIONS),
    subject: z.string(),
    before: z.number().int().nullable().openapi({ description: "Revision or version before" }),
    after: z.number().int().nullable(),
    note: z.string().nullable(),
  })
  .openapi("AuditEntry");
const readAudit = createRoute({
  tags: ["Audit"],
  security: SECRET,
  method: "get",
  path: "/v1/audit",
  summary: "Who changed what, and when; newest first",
  request: {
    query: z.object({
      subject: z.string().optional().openapi({ example: "flows/first-export" }),
      before: z.coerce
        .number()
        .int()
        .min(1)
        .optional()
        .openapi({ description: "Id of the last entry seen: the next page" }),
      of: z
        .enum(["environment", "server"])
        .default("environment")
        .openapi({ description: "`server`: who may sign in; needs `keys:write`" }),
      limit: z.coerce.number().int().min(1).max(1_000).default(100),
    }),
  },
  responses: {
    200: json("The entries", z.object({ entries: z.array(entrySchema) })),
    ...errors(400, 401, 403),
  },
});

export function auditRoutes({ storage }: ServerDeps) {
  return routeApp().openapi(readAudit, async (c) => {
    const { subject, before, limit, of } = c.req.valid("query");
    const { environment, scopes } = c.var.caller;
    if (of === "server" && !scopes.has("keys:write"))
      throw httpError("forbidden", 'This needs the scope "keys:write".');
    const filter = {
      limit,
      ...(subject === undefined ? {} : { subject }),
      ...(before === undefined ? {} : { before }),
    };
    const entries = await storage.audit(of === "server" ? SERVER_WIDE : environment, filter);
    const told = entries.map((entry) => ({ ...toAuditAnswer(entry), action: entry.action as AuditAction }));
    return c.json({ entries: told }, 200);
  });
}
