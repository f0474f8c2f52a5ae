import { createRoute, z } from "@hono/zod-openapi";
import type { ServerDeps } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { errors, SECRET } from "./schemas.ts";

/** Version 0.0.4 of the text format: every Prometheus, and whoever reads for it, takes it. */
export const METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";

const metrics = createRoute({
  method: "get",
  path: "/metrics",
  summary: "Figures of this server process, for Prometheus",
  description: "Of all environments together. Routes, codes and counts; nobody's data.",
  tags: ["Operation"],
  security: SECRET,
  responses: {
    200: { description: "The text format of Prometheus", content: { "text/plain": { schema: z.string() } } },
    ...errors(401, 403),
  },
});

export function metricsRoutes({ metrics: render = () => "" }: ServerDeps) {
  return routeApp().openapi(metrics, (c) =>
    c.text(render(), 200, { "Content-Type": METRICS_TYPE, "Cache-Control": "no-store" }),
  );
}
