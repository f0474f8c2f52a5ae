import { createRoute } from "@hono/zod-openapi";
import { catalog } from "../reports/catalog.ts";
import { catalogSchema } from "../reports/report-schemas.ts";
import type { ServerDeps } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { errors, json, SECRET } from "./schemas.ts";

const getCatalog = createRoute({
  method: "get",
  path: "/v1/catalog",
  summary: "Events, attributes, anchors and pages that really arrived",
  tags: ["Reports"],
  security: SECRET,
  responses: { 200: json("The catalog, each list by name", catalogSchema), ...errors(401, 403) },
});

export function catalogRoutes({ storage }: ServerDeps) {
  return routeApp().openapi(getCatalog, async (c) =>
    c.json(await catalog(storage, c.var.caller.environment), 200),
  );
}
