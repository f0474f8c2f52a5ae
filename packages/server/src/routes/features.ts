import { createRoute, z } from "@hono/zod-openapi";
import { deleteDefinition, entityTag, findDefinition, putDefinition } from "../definitions/workspace.ts";
import { httpError } from "../errors.ts";
import { parseSafeJson } from "../middleware/read-body.ts";
import type { ServerDeps } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { errors, featureSchema, idParam, ifMatchHeader, json, SECRET } from "./schemas.ts";

const common = { tags: ["Features"], security: SECRET };
const listFeatures = createRoute({
  ...common,
  method: "get",
  path: "/v1/features",
  summary: "All features, by id",
  responses: {
    200: json("The features", z.object({ features: z.array(featureSchema) })),
    ...errors(401, 403),
  },
});
const getFeature = createRoute({
  ...common,
  method: "get",
  path: "/v1/features/{id}",
  summary: "One feature",
  request: { params: idParam },
  responses: {
    200: json("The feature; its ETag is for `If-Match`", featureSchema),
    ...errors(401, 403, 404),
  },
});
const putFeature = createRoute({
  ...common,
  method: "put",
  path: "/v1/features/{id}",
  summary: "Write a feature; takes effect at once, so lint can refuse it as it can a publish",
  request: {
    params: idParam,
    headers: ifMatchHeader,
    body: { required: true, content: { "application/json": { schema: featureSchema } } },
  },
  responses: {
    200: json("The feature as stored", featureSchema),
    201: json("The feature as stored; it is new", featureSchema),
    ...errors(400, 401, 403, 409, 412, 413, 415, 422),
  },
});
const deleteFeature = createRoute({
  ...common,
  method: "delete",
  path: "/v1/features/{id}",
  summary: "Delete a feature that nothing uses any more",
  request: { params: idParam, headers: ifMatchHeader },
  responses: { 204: { description: "Deleted" }, ...errors(401, 403, 404, 409, 412) },
});

export function featureRoutes(deps: ServerDeps) {
  return routeApp()
    .openapi(listFeatures, async (c) => {
      const definitions = await deps.storage.definitions(c.var.caller.environment);
      return c.json({ features: definitions.features.map((row) => row.body) }, 200);
    })
    .openapi(getFeature, async (c) => {
      const { id } = c.req.valid("param");
      const definitions = await deps.storage.definitions(c.var.caller.environment);
      const row = findDefinition(definitions, "feature", id);
      if (row === undefined) throw httpError("not-found", `There is no feature "${id}".`);
      c.header("ETag", entityTag(row));
      return c.json(row.body, 200);
    })
    .openapi(putFeature, async (c) => {
      const { id } = c.req.valid("param");
      const value = parseSafeJson(await c.req.text());
      const ifMatch = c.req.header("if-match");
      const { created, row } = await putDefinition(deps, c.var.caller, "feature", id, value, ifMatch);
      c.header("ETag", entityTag(row));
      return c.json(row.body, created ? 201 : 200);
    })
    .openapi(deleteFeature, async (c) => {
      const { id } = c.req.valid("param");
      await deleteDefinition(deps, c.var.caller, "feature", id, c.req.header("if-match"));
      return c.body(null, 204);
    });
}
