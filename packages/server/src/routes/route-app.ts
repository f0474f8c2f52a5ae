import { OpenAPIHono } from "@hono/zod-openapi";
import { httpError } from "../errors.ts";
import type { ServerEnv } from "../server-env.ts";

/** A Hono app whose parameter checks end in the one error body. */
export function routeApp(): OpenAPIHono<ServerEnv> {
  return new OpenAPIHono<ServerEnv>({
    defaultHook: (result) => {
      if (result.success) return;
      const details = result.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
      // What is wrong with all of it has no place.
      const words = details.map(({ path, message }) => (path === "" ? message : `${path}: ${message}`));
      throw httpError("bad-request", words.join("; "), { in: result.target, issues: details });
    },
  });
}
