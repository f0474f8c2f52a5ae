import type { OpenAPIHono } from "@hono/zod-openapi";
import { z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { httpError } from "../errors.ts";
import { admit } from "../ingest/admit.ts";
import { ingest } from "../ingest/ingest.ts";
import { BATCH_LIMIT, claimsIn, isReadable, parseBody, takeBatch, writeKeyIn } from "../ingest/take-batch.ts";
import { addressOf, callerOf, headerKey } from "../middleware/authenticate.ts";
import { readText } from "../middleware/read-body.ts";
import type { ServerDeps, ServerEnv } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { ANY_KEY, errors, json } from "./schemas.ts";

const SINGLE = ["track", "identify", "group", "page"] as const;

const message = z
  .object({
    type: z.enum(SINGLE),
    messageId: z.string().optional(),
    timestamp: z.string().optional(),
    userId: z.string().optional(),
    anonymousId: z.string().optional(),
    groupId: z.string().optional(),
    event: z.string().optional(),
    name: z.string().optional(),
    properties: z.record(z.string(), z.unknown()).optional(),
    traits: z.record(z.string(), z.unknown()).optional(),
    context: z.record(z.string(), z.unknown()).optional(),
  })
  .openapi("Message", { description: "A message of the Segment HTTP tracking API" });
const batch = z
  .object({
    writeKey: z.string().optional(),
    sentAt: z.string().optional(),
    token: z
      .string()
      .optional()
      .openapi({ description: "A user token: that person's messages are verified" }),
    batch: z.array(message),
  })
  .openapi("Batch");
const result = z
  .object({
    accepted: z.number().int(),
    duplicate: z.number().int(),
    rejected: z.array(
      z.object({ id: z.string().nullable(), index: z.number().int(), code: z.string(), message: z.string() }),
    ),
  })
  .openapi("BatchResult", { description: "Given after commit. A rejection is final" });

/**
 * Events up. These routes are documented by hand and read their bodies themselves: nothing stands between the
 * socket and one parse and one validation.
 */
export function ingestRoutes(deps: ServerDeps) {
  const app = routeApp();
  document(app);
  const admitted = (c: Context<ServerEnv>) =>
    admit(deps, {
      key: headerKey(c.req.header("authorization")),
      address: addressOf(c, deps),
      identify: (key, counted) => callerOf(c, deps, key, counted),
    });
  const single = (type: (typeof SINGLE)[number]) => async (c: Context<ServerEnv>) => {
    const caller = admitted(c);
    const { body, scan } = parseBody(await readMessage(c, deps));
    const whose = caller(writeKeyIn(body));
    const claims = await claimsIn(deps, whose, body);
    // What opens something is no part of the message.
    const { writeKey: _, token: __, ...rest } = body;
    const messages = [{ ...rest, type }];
    return c.json(await ingest(deps, whose, { messages, ...scan, texts: undefined, claims }), 200);
  };
  return app
    .post("/v1/batch", async (c) => {
      const caller = admitted(c);
      return c.json(await takeBatch(deps, await readMessage(c, deps), caller), 200);
    })
    .post("/v1/track", single("track"))
    .post("/v1/identify", single("identify"))
    .post("/v1/group", single("group"))
    .post("/v1/page", single("page"));
}

async function readMessage(c: Context<ServerEnv>, { bodies }: ServerDeps): Promise<string> {
  // RudderStack's client for Node says "form" of what it has packed; no form of a page can send gzip.
  const isPacked = c.req.header("content-encoding") === "gzip";
  if (!isPacked && !isReadable(c.req.header("content-type")))
    throw httpError("unsupported-media-type", "Send application/json or text/plain, as UTF-8.");
  return await readText(c.req, BATCH_LIMIT, bodies);
}

function document(app: OpenAPIHono<ServerEnv>): void {
  const describe = (path: string, summary: string, schema: z.ZodType) =>
    app.openAPIRegistry.registerPath({
      method: "post",
      path,
      summary,
      tags: ["Events"],
      security: ANY_KEY,
      request: {
        body: { required: true, content: { "application/json": { schema }, "text/plain": { schema } } },
      },
      responses: {
        200: json("What became of each message", result),
        ...errors(400, 401, 403, 413, 415, 429, 503),
      },
    });
  const { writeKey, token } = batch.shape;
  const single = message.partial({ type: true }).extend({ writeKey, token });
  describe("/v1/batch", "Store a batch of events; answered after commit", batch);
  for (const type of SINGLE) describe(`/v1/${type}`, `Store one ${type} message`, single);
}
