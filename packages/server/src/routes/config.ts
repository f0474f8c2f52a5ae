import type { Config } from "@cairn/flow-schema";
import { createRoute, z } from "@hono/zod-openapi";
import type { ConfigSource } from "../definitions/live-config.ts";
import { callerOf, headerKey, publicCaller } from "../middleware/authenticate.ts";
import { chooseEncoding } from "../middleware/content-encoding.ts";
import { matchesTag } from "../middleware/entity-tag.ts";
import type { ServerDeps } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { ANY_KEY, errors, keyQuery } from "./schemas.ts";

const configSchema = z
  .custom<Config>()
  .openapi("Config", { type: "object", description: "Everything published." });

const getConfig = createRoute({
  method: "get",
  path: "/v1/config",
  summary: "What is published: flows, features, segments, settings",
  tags: ["Delivery"],
  security: ANY_KEY,
  request: { query: keyQuery },
  responses: {
    200: { description: "The config", content: { "application/json": { schema: configSchema } } },
    304: { description: "Unchanged since the ETag in `If-None-Match`" },
    ...errors(401, 403),
  },
});

/** Cacheable by browsers and CDNs; a change is seen after a minute at most, or at once with `no-cache`. */
const CACHE_CONTROL = "public, max-age=60, stale-while-revalidate=600";

export function configRoutes(deps: ServerDeps, config: ConfigSource) {
  return routeApp().openapi(getConfig, async (c) => {
    const { key } = c.req.valid("query");
    const caller =
      key === undefined
        ? callerOf(c, deps, headerKey(c.req.header("authorization")))
        : publicCaller(c, deps, key);
    const built = await config(caller.environment);
    c.header("ETag", built.etag);
    c.header("Cache-Control", CACHE_CONTROL);
    // Where only some pages may have it, a cache must not give one page what another was given. No list holds "null".
    c.header("Vary", caller.allows("null") ? "Accept-Encoding" : "Accept-Encoding, Origin");
    if (matchesTag(c.req.header("if-none-match"), built.etag)) return c.body(null, 304);
    const encoding = chooseEncoding(c.req.header("accept-encoding"));
    c.header("Content-Type", "application/json; charset=UTF-8");
    if (encoding === "identity") return c.body(built.body, 200);
    c.header("Content-Encoding", encoding);
    return c.body(encoding === "br" ? built.brotli : built.gzip, 200);
  });
}
