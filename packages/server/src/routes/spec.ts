import flowSchema from "@cairn/flow-schema/flow.schema.json" with { type: "json" };
import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute, z } from "@hono/zod-openapi";
import type { ServerDeps, ServerEnv } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { json, REFUSALS } from "./schemas.ts";

const anyJson = z.record(z.string(), z.unknown());
const openapi = createRoute({
  method: "get",
  path: "/v1/openapi.json",
  summary: "This API as OpenAPI 3.1",
  tags: ["Operation"],
  responses: { 200: json("The document", anyJson) },
});
const flowJsonSchema = createRoute({
  method: "get",
  path: "/v1/schema/flow.json",
  summary: "The JSON Schema of a flow, for completion in editors",
  tags: ["Operation"],
  responses: { 200: json("The schema", anyJson) },
});

export function specRoutes(_deps: ServerDeps, whole: () => OpenAPIHono<ServerEnv>) {
  return routeApp()
    .openapi(openapi, (c) => {
      const document = whole().getOpenAPI31Document({
        openapi: "3.1.0",
        info: { title: "Cairn", version: "1", description: "Guidance definitions, events and reports." },
      });
      return c.json(withRefusals(document as unknown as Document), 200);
    })
    .openapi(flowJsonSchema, (c) => {
      c.header("Access-Control-Allow-Origin", "*");
      return c.json(flowSchema as Record<string, unknown>, 200);
    });
}

interface Document extends Record<string, unknown> {
  readonly paths: Record<string, Record<string, { security?: unknown; responses: Record<string, unknown> }>>;
}

/** With what any route may answer that asks for a key: who holds it has asked too often, or the store is away. */
function withRefusals(document: Document): Document {
  const answer = (status: keyof typeof REFUSALS) => ({
    description: REFUSALS[status],
    content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
  });
  for (const methods of Object.values(document.paths))
    for (const operation of Object.values(methods)) {
      if (operation.security === undefined) continue;
      operation.responses[429] ??= answer(429);
      operation.responses[503] ??= answer(503);
    }
  return document;
}
