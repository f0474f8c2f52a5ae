import type { Finding } from "@cairn/engine/lint";
import { createRoute, z } from "@hono/zod-openapi";
import { type Schedule, schedulesOf } from "../definitions/planned.ts";
import { cancelSchedule } from "../definitions/schedules.ts";
import type { ServerDeps } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { errors, idParam, iso, json, SECRET, warningsSchema } from "./schemas.ts";

const scheduleSchema = z
  .object({
    id: z.string(),
    at: z.string(),
    by: z.string(),
    note: z.string().nullable(),
    flows: z.array(z.string()),
    failure: z
      .string()
      .nullable()
      .openapi({ description: "Why it could not be done; it is not tried again" }),
  })
  .openapi("Schedule");
export const scheduledSchema = z
  .object({ scheduled: scheduleSchema, warnings: warningsSchema })
  .openapi("Scheduled");

const common = { tags: ["Flows"], security: SECRET };
const list = createRoute({
  ...common,
  method: "get",
  path: "/v1/schedules",
  summary: "What is going to be published, soonest first",
  responses: {
    200: json("The plans", z.object({ schedules: z.array(scheduleSchema) })),
    ...errors(401, 403),
  },
});
const cancel = createRoute({
  ...common,
  method: "delete",
  path: "/v1/schedules/{id}",
  summary: "Take a plan back",
  request: { params: idParam },
  responses: { 204: { description: "It will not be published" }, ...errors(401, 403, 404, 409) },
});

export function scheduleRoutes(deps: ServerDeps) {
  return routeApp()
    .openapi(list, async (c) => {
      const schedules = await schedulesOf(deps.storage, c.var.caller.environment);
      return c.json({ schedules: schedules.map(toAnswer) }, 200);
    })
    .openapi(cancel, async (c) => {
      await cancelSchedule(deps, c.var.caller, c.req.valid("param").id);
      return c.body(null, 204);
    });
}

function toAnswer({ id, at, by, note, flows, failure }: Schedule) {
  return { id, at: iso(at), by, note, flows: flows.map((flow) => flow.id), failure: failure ?? null };
}

export function toScheduled({
  schedule,
  warnings,
}: {
  readonly schedule: Schedule;
  readonly warnings: readonly Finding[];
}) {
  return { scheduled: toAnswer(schedule), warnings };
}
