import { createRoute, z } from "@hono/zod-openapi";
import { applyTogether, planTogether, type Wanted } from "../definitions/apply.ts";
import { httpError } from "../errors.ts";
import { parseSafeJson } from "../middleware/read-body.ts";
import type { ServerDeps } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import {
  errors,
  featureSchema,
  flowSchema,
  json,
  noteSchema,
  SECRET,
  segmentSchema,
  settingsSchema,
  warningsSchema,
} from "./schemas.ts";

/** Most bytes of definitions at once; each of them has its own limit too. */
export const APPLY_LIMIT = 4_194_304;

/** Most definitions of a kind: as many as can be looked at in a moment. */
const MOST = 2_000;
const names = z.array(z.string()).max(MOST);
const wantedSchema = z
  .strictObject({
    flows: z.array(flowSchema).max(MOST).optional().openapi({ description: "Drafts to write" }),
    features: z.array(featureSchema).max(MOST).optional(),
    segments: z.array(segmentSchema).max(MOST).optional(),
    settings: settingsSchema.optional(),
    restore: names.optional().openapi({ description: "Ids of archived flows to bring back" }),
    publish: names.optional().openapi({
      description: "Ids of flows whose drafts, as they then are, become live; needs the scope `publish`",
    }),
    delete: names.optional().openapi({
      description: "`flows/ID`, `features/ID`, `segments/ID`, `settings`",
    }),
    ifMatch: z.record(z.string(), z.string().nullable()).optional().openapi({
      description:
        "By such a name the ETag that was read, or null where there was nothing; 412 where one has changed",
    }),
    note: noteSchema.optional(),
  })
  .openapi("Wanted");
const outcomeSchema = z
  .object({
    written: z.array(z.string()),
    restored: z.array(z.string()),
    published: z.array(z.object({ id: z.string(), version: z.number().int() })),
    deleted: z.array(z.string()),
    warnings: warningsSchema,
  })
  .openapi("Outcome");

const common = {
  tags: ["Apply"],
  security: SECRET,
  method: "post" as const,
  request: { body: { required: true, content: { "application/json": { schema: wantedSchema } } } },
};
const apply = createRoute({
  ...common,
  path: "/v1/apply",
  summary:
    "Write, bring back, publish and delete, all as one change, after the whole was checked: or nothing",
  responses: {
    200: json("What was done; what was so already is not in it", outcomeSchema),
    ...errors(400, 401, 403, 404, 409, 412, 413, 422),
  },
});
const plan = createRoute({
  ...common,
  path: "/v1/plan",
  summary: "What `POST /v1/apply` would do with the same body, or how it would be refused; changes nothing",
  responses: {
    200: json("What would be done", outcomeSchema),
    ...errors(400, 401, 403, 404, 409, 412, 413, 422),
  },
});

export function applyRoutes(deps: ServerDeps) {
  return routeApp()
    .openapi(apply, async (c) => {
      const wanted = wantedOf(parseSafeJson(await c.req.text()));
      if (wanted.publish.length > 0 && !c.var.caller.scopes.has("publish"))
        throw httpError("forbidden", 'To publish needs the scope "publish".');
      const outcome = await applyTogether(deps, c.var.caller, wanted);
      // The settings hold the origins that keys are kept to.
      if ([...outcome.written, ...outcome.deleted].includes("settings")) await deps.reloadKeys();
      return c.json(lists(outcome), 200);
    })
    .openapi(plan, async (c) => {
      const wanted = wantedOf(parseSafeJson(await c.req.text()));
      const outcome = await planTogether(deps, c.var.caller, wanted);
      return c.json(lists(outcome), 200);
    });
}

function lists({
  written,
  restored,
  published,
  deleted,
  warnings,
}: Awaited<ReturnType<typeof planTogether>>) {
  return {
    written: [...written],
    restored: [...restored],
    published: [...published],
    deleted: [...deleted],
    warnings: [...warnings],
  };
}

/** Its shape was looked at before; this is the body once more, as one that may be trusted. */
function wantedOf(body: unknown): Wanted {
  const sent = body as Partial<Wanted>;
  return {
    flows: sent.flows ?? [],
    features: sent.features ?? [],
    segments: sent.segments ?? [],
    ...(sent.settings !== undefined && { settings: sent.settings }),
    restore: sent.restore ?? [],
    publish: sent.publish ?? [],
    delete: sent.delete ?? [],
    ifMatch: sent.ifMatch ?? {},
    note: sent.note ?? null,
  };
}
