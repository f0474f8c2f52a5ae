import type { Facts } from "@cairn/engine";
import type { JsonObject } from "@cairn/flow-schema";
import { createRoute, z } from "@hono/zod-openapi";
import { httpError } from "../errors.ts";
import { publicCaller } from "../middleware/authenticate.ts";
import { parseSafeJson } from "../middleware/read-body.ts";
import { readFacts } from "../people/facts.ts";
import { joinPersonState, readPersonState, STATE_LIMIT } from "../people/person-state.ts";
import type { ServerDeps } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { errors, json, keyQuery } from "./schemas.ts";

/** A text in a text is escaped: its quotes take two bytes each. */
export const STATE_BODY_LIMIT = 2 * STATE_LIMIT;

const jsonObject = z.custom<JsonObject>().openapi({ type: "object" });
const stateSchema = z
  .object({
    state: z.string().nullable().openapi({ description: "As the engine writes it; `null`: nothing is kept" }),
    facts: z.custom<Facts>().nullable().openapi({ type: "object", description: "What the events tell" }),
    traits: jsonObject.optional().openapi({ description: "As signed in the token" }),
    account: z.object({ id: z.string(), traits: jsonObject }).optional(),
  })
  .openapi("PersonState");
const joinedSchema = z.object({ state: z.string() }).openapi("JoinedState");

const common = { tags: ["People"], security: [{ userToken: [] }] };
const getState = createRoute({
  ...common,
  method: "get",
  path: "/v1/state",
  summary: "What is kept of the person that the user token names, and what their events tell",
  request: { query: keyQuery },
  responses: { 200: json("The state and the facts", stateSchema), ...errors(401, 403, 429) },
});
const putState = createRoute({
  ...common,
  method: "put",
  path: "/v1/state",
  summary: "Join a device's state into what is kept; answers with the whole",
  request: {
    query: keyQuery,
    body: { required: true, content: { "application/json": { schema: joinedSchema } } },
  },
  responses: { 200: json("The joined state", joinedSchema), ...errors(400, 401, 403, 413, 429, 503) },
});

/** One person's memory over all their devices. Who the person is, only a signed token says. */
export function stateRoutes(deps: ServerDeps) {
  const app = routeApp();
  app.use("/v1/state", async (c, next) => {
    const caller = publicCaller(c, deps, c.req.query("key"));
    const [scheme = "", token] = (c.req.header("authorization") ?? "").trim().split(/\s+/, 2);
    if (scheme.toLowerCase() !== "bearer" || !token)
      throw httpError("token_invalid", "This needs the user's token: `Authorization: Bearer …`.");
    c.set("caller", caller);
    c.set("claims", await deps.tokens.verify(caller.environment, token));
    return next();
  });
  return app
    .openapi(getState, async (c) => {
      const { environment } = c.var.caller;
      const { userId, traits, account, accountTraits } = c.var.claims;
      const [state, facts] = await Promise.all([
        readPersonState(deps, environment, userId),
        readFacts(deps.storage, environment, userId, account),
      ]);
      c.header("Cache-Control", "no-store");
      return c.json(
        {
          state,
          facts,
          ...(traits && { traits }),
          ...(account !== undefined && { account: { id: account, traits: accountTraits ?? {} } }),
        },
        200,
      );
    })
    .openapi(putState, async (c) => {
      const { environment } = c.var.caller;
      const { userId } = c.var.claims;
      const body = parseSafeJson(await c.req.text());
      const { state } = (body ?? {}) as { readonly state?: unknown };
      if (typeof state !== "string") throw httpError("bad-request", "`state` must be text.");
      if (Buffer.byteLength(state) > STATE_LIMIT)
        throw httpError("too-large", `The state is larger than ${STATE_LIMIT} bytes.`);
      c.header("Cache-Control", "no-store");
      return c.json({ state: await joinPersonState(deps, environment, userId, state) }, 200);
    });
}
