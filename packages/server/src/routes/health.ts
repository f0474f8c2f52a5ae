import { createRoute, z } from "@hono/zod-openapi";
import { httpError } from "../errors.ts";
import type { ServerDeps } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { errors, json } from "./schemas.ts";

const ok = z.object({ status: z.literal("ok") });
const livez = createRoute({
  method: "get",
  path: "/livez",
  summary: "The process answers",
  tags: ["Operation"],
  responses: { 200: json("It does", ok) },
});
const readyz = createRoute({
  method: "get",
  path: "/readyz",
  summary: "The store takes writes",
  tags: ["Operation"],
  responses: { 200: json("It does: a probe was written and committed", ok), ...errors(503) },
});

export function healthRoutes({ storage, now }: ServerDeps) {
  return routeApp()
    .openapi(livez, (c) => c.json({ status: "ok" as const }, 200))
    .openapi(readyz, async (c) => {
      await storage.probe(now()).catch(() => {
        throw httpError("unavailable", "The store cannot write.");
      });
      return c.json({ status: "ok" as const }, 200);
    });
}
