import { createRoute } from "@hono/zod-openapi";
import { deleteDefinition, entityTag, putDefinition } from "../definitions/workspace.ts";
import { parseSafeJson } from "../middleware/read-body.ts";
import type { ServerDeps } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { errors, ifMatchHeader, json, SECRET, settingsSchema } from "./schemas.ts";

const common = { tags: ["Settings"], security: SECRET, path: "/v1/settings" as const };
const getSettings = createRoute({
  ...common,
  method: "get",
  summary: "The settings as written; what is not written has its default",
  responses: { 200: json("The settings; their ETag is for `If-Match`", settingsSchema), ...errors(401, 403) },
});
const putSettings = createRoute({
  ...common,
  method: "put",
  summary:
    "Write the settings; takes effect at once, so lint can refuse it as it can a publish. `enabled: false` stops all guidance",
  request: {
    headers: ifMatchHeader,
    body: { required: true, content: { "application/json": { schema: settingsSchema } } },
  },
  responses: {
    200: json("The settings as stored", settingsSchema),
    ...errors(400, 401, 403, 412, 413, 415, 422),
  },
});
const deleteSettings = createRoute({
  ...common,
  method: "delete",
  summary: "Go back to the defaults",
  request: { headers: ifMatchHeader },
  responses: { 204: { description: "Every setting has its default" }, ...errors(401, 403, 404, 412) },
});

export function settingsRoutes(deps: ServerDeps) {
  return routeApp()
    .openapi(getSettings, async (c) => {
      const { settings } = await deps.storage.definitions(c.var.caller.environment);
      if (settings !== null) c.header("ETag", entityTag(settings));
      return c.json(settings?.body ?? {}, 200);
    })
    .openapi(putSettings, async (c) => {
      const value = parseSafeJson(await c.req.text());
      const ifMatch = c.req.header("if-match");
      const { row } = await putDefinition(deps, c.var.caller, "settings", "", value, ifMatch);
      await deps.reloadKeys();
      c.header("ETag", entityTag(row));
      return c.json(row.body, 200);
    })
    .openapi(deleteSettings, async (c) => {
      await deleteDefinition(deps, c.var.caller, "settings", "", c.req.header("if-match"));
      await deps.reloadKeys();
      return c.body(null, 204);
    });
}
