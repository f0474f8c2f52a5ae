import type { Config, Flow, JsonObject } from "@cairn/flow-schema";
import { createRoute, z } from "@hono/zod-openapi";
import { createPreview, type Preview, readPreview } from "../definitions/previews.ts";
import { callerOf, headerKey, publicCaller } from "../middleware/authenticate.ts";
import { parseSafeJson } from "../middleware/read-body.ts";
import type { ServerDeps } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { ANY_KEY, errors, json, keyQuery, SECRET } from "./schemas.ts";

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
const who = z.strictObject({
  id: z.string().min(1).max(256).optional(),
  traits: z.custom<JsonObject>(isObject).optional().openapi({ type: "object" }),
});
const tags = ["Previews"];
const create = createRoute({
  tags,
  security: SECRET,
  method: "post",
  path: "/v1/previews",
  summary: "Make a draft openable on the real page, for an hour, for whoever has the token",
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            flow: z
              .custom<string | Flow>((value) => typeof value === "string" || typeof value === "object")
              .openapi({
                type: ["string", "object"],
                description: "A flow's id (its draft is shown as it then is), or a flow",
              }),
            user: who.optional(),
            account: who.optional(),
            page: z.string().max(2_048).optional().openapi({ example: "https://app.example.com/reports" }),
          }),
        },
      },
    },
  },
  responses: {
    201: json(
      "The token; `url` where a page was given",
      z.object({ token: z.string(), expiresAt: z.string(), url: z.string().optional() }),
    ),
    ...errors(400, 401, 403, 404, 413, 422),
  },
});
const read = createRoute({
  tags,
  security: ANY_KEY,
  method: "get",
  path: "/v1/preview",
  summary: "The config with the draft of a preview in it",
  request: { query: keyQuery.extend({ token: z.string().max(2_048) }) },
  responses: {
    200: json(
      "As `/v1/config`, and what is previewed",
      z.custom<Config & { preview: Preview }>().openapi("PreviewConfig", { type: "object" }),
    ),
    ...errors(400, 401, 403, 404, 429),
  },
});

/** Drafts on the real page. Whoever has the token sees the draft, and nothing that they do is recorded. */
export function previewRoutes(deps: ServerDeps) {
  const app = routeApp();
  app.use("/v1/preview", async (c, next) => {
    const key = c.req.query("key");
    const header = headerKey(c.req.header("authorization"));
    c.set("caller", key === undefined ? callerOf(c, deps, header) : publicCaller(c, deps, key));
    c.header("Cache-Control", "no-store");
    return next();
  });
  return app
    .openapi(create, async (c) => {
      const { user, account, page } = c.req.valid("json");
      // Read again, since a schema does not see what reaches into prototypes.
      const { flow } = parseSafeJson(await c.req.text()) as { readonly flow: unknown };
      const made = await createPreview(deps, c.var.caller.environment, { flow, user, account, page });
      return c.json(made, 201);
    })
    .openapi(read, async (c) => {
      const { token } = c.req.valid("query");
      return c.json(await readPreview(deps, c.var.caller.environment, token), 200);
    });
}
