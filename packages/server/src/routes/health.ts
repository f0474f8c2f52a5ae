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
  summary: "The store takes writes, and the server goes on",
  tags: ["Operation"],
  responses: { 200: json("It does: a probe was written and committed", ok), ...errors(503) },
});

/** How long a probe answers for others: whoever may ask without a key makes the store write once in that time. */
const PROBE_MS = 1_000;

export function healthRoutes({ storage, now, isStopping = () => false }: ServerDeps) {
  let probe: { readonly at: number; readonly done: Promise<void> } | undefined;
  const shared = () => {
    // A clock that goes back makes a new one.
    if (probe === undefined || Math.abs(now() - probe.at) >= PROBE_MS)
      probe = { at: now(), done: storage.probe(now()) };
    return probe.done;
  };
  return routeApp()
    .openapi(livez, (c) => c.json({ status: "ok" as const }, 200))
    .openapi(readyz, async (c) => {
      // Not thrown: it is no error that anybody has to read about.
      if (isStopping())
        return c.json({ error: { code: "unavailable" as const, message: "The server is stopping." } }, 503);
      await shared().catch(() => {
        throw httpError("unavailable", "The store cannot write.");
      });
      return c.json({ status: "ok" as const }, 200);
    });
}
