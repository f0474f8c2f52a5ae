import flowSchema from "@cairn/flow-schema/flow.schema.json" with { type: "json" };
import type { OpenAPIHono } from "@hono/zod-openapi";
import { createRoute, z } from "@hono/zod-openapi";
import type { ServerDeps, ServerEnv } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { json } from "./schemas.ts";

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
      return c.json(document as unknown as Record<string, unknown>, 200);
    })
    .openapi(flowJsonSchema, (c) => {
      c.header("Access-Control-Allow-Origin", "*");
      return c.json(flowSchema as Record<string, unknown>, 200);
    });
}
