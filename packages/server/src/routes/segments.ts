import { createRoute, z } from "@hono/zod-openapi";
import { deleteDefinition, entityTag, findDefinition, putDefinition } from "../definitions/workspace.ts";
import { httpError } from "../errors.ts";
import { parseSafeJson } from "../middleware/read-body.ts";
import type { ServerDeps } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { errors, idParam, ifMatchHeader, json, SECRET, segmentSchema } from "./schemas.ts";

const common = { tags: ["Segments"], security: SECRET };
const listSegments = createRoute({
  ...common,
  method: "get",
  path: "/v1/segments",
  summary: "All segments, by id",
  responses: {
    200: json("The segments", z.object({ segments: z.array(segmentSchema) })),
    ...errors(401, 403),
  },
});
const getSegment = createRoute({
  ...common,
  method: "get",
  path: "/v1/segments/{id}",
  summary: "One segment",
  request: { params: idParam },
  responses: {
    200: json("The segment; its ETag is for `If-Match`", segmentSchema),
    ...errors(401, 403, 404),
  },
});
const putSegment = createRoute({
  ...common,
  method: "put",
  path: "/v1/segments/{id}",
  summary: "Write a segment; takes effect at once, so lint can refuse it as it can a publish",
  request: {
    params: idParam,
    headers: ifMatchHeader,
    body: { required: true, content: { "application/json": { schema: segmentSchema } } },
  },
  responses: {
    200: json("The segment as stored", segmentSchema),
    201: json("The segment as stored; it is new", segmentSchema),
    ...errors(400, 401, 403, 409, 412, 413, 415, 422),
  },
});
const deleteSegment = createRoute({
  ...common,
  method: "delete",
  path: "/v1/segments/{id}",
  summary: "Delete a segment that nothing uses any more",
  request: { params: idParam, headers: ifMatchHeader },
  responses: { 204: { description: "Deleted" }, ...errors(401, 403, 404, 409, 412) },
});

export function segmentRoutes(deps: ServerDeps) {
  return routeApp()
    .openapi(listSegments, async (c) => {
      const definitions = await deps.storage.definitions(c.var.caller.environment);
      return c.json({ segments: definitions.segments.map((row) => row.body) }, 200);
    })
    .openapi(getSegment, async (c) => {
      const { id } = c.req.valid("param");
      const definitions = await deps.storage.definitions(c.var.caller.environment);
      const row = findDefinition(definitions, "segment", id);
      if (row === undefined) throw httpError("not-found", `There is no segment "${id}".`);
      c.header("ETag", entityTag(row));
      return c.json(row.body, 200);
    })
    .openapi(putSegment, async (c) => {
      const { id } = c.req.valid("param");
      const value = parseSafeJson(await c.req.text());
      const ifMatch = c.req.header("if-match");
      const { created, row } = await putDefinition(deps, c.var.caller, "segment", id, value, ifMatch);
      c.header("ETag", entityTag(row));
      return c.json(row.body, created ? 201 : 200);
    })
    .openapi(deleteSegment, async (c) => {
      const { id } = c.req.valid("param");
      await deleteDefinition(deps, c.var.caller, "segment", id, c.req.header("if-match"));
      return c.body(null, 204);
    });
}
