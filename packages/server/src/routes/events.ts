import { createRoute, z } from "@hono/zod-openapi";
import type { ServerDeps } from "../server-env.ts";
import type { EventFilter, EventRecord } from "../storage/storage.ts";
import { routeApp } from "./route-app.ts";
import { errors, momentSchema, SECRET } from "./schemas.ts";

const listEvents = createRoute({
  method: "get",
  path: "/v1/events",
  summary: "Stored messages as JSON lines, by (timestamp, messageId)",
  tags: ["Events"],
  security: SECRET,
  request: {
    query: z.object({
      name: z.string().optional().openapi({ description: "Name of a track event" }),
      user: z.string().optional().openapi({ description: "userId or anonymousId, exactly as sent" }),
      account: z.string().optional(),
      from: momentSchema.optional().openapi({ description: "Inclusive" }),
      to: momentSchema.optional().openapi({ description: "Exclusive" }),
    }),
  },
  responses: {
    200: {
      description: "One message a line, with `receivedAt` and `verified`",
      content: { "application/x-ndjson": { schema: z.string() } },
    },
    ...errors(400, 401, 403),
  },
});

export function eventRoutes({ storage }: ServerDeps) {
  return routeApp().openapi(listEvents, (c) => {
    const { name, user, account, from, to } = c.req.valid("query");
    const filter: EventFilter = {
      ...(name === undefined ? {} : { names: [name] }),
      ...(user === undefined ? {} : { people: [user] }),
      ...(account === undefined ? {} : { account }),
      ...(from === undefined ? {} : { from: Date.parse(from) }),
      ...(to === undefined ? {} : { to: Date.parse(to) }),
    };
    const chunks = storage.events(c.var.caller.environment, filter)[Symbol.asyncIterator]();
    const encoder = new TextEncoder();
    const stream = new ReadableStream<Uint8Array>({
      // Pulled by the reader, so a slow one costs no memory.
      async pull(controller) {
        const next = await chunks.next();
        if (next.done === true) controller.close();
        else controller.enqueue(encoder.encode(next.value.map(toLine).join("")));
      },
      async cancel() {
        await chunks.return?.();
      },
    });
    // Typed as a plain answer: what is streamed has no type for clients.
    return c.body(stream, 200, { "Content-Type": "application/x-ndjson; charset=utf-8" }) as never;
  });
}

function toLine({ body, receivedAt, verified }: EventRecord): string {
  const more = `"receivedAt":"${new Date(receivedAt).toISOString()}","verified":${verified}`;
  return `${body.slice(0, -1)}${body.length > 2 ? "," : ""}${more}}\n`;
}
