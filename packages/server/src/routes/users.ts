import { createRoute, z } from "@hono/zod-openapi";
import { auditEntry } from "../access/audit.ts";
import { endPreviewsAs } from "../definitions/previews.ts";
import { httpError } from "../errors.ts";
import { exportPerson } from "../people/export-person.ts";
import type { ServerDeps } from "../server-env.ts";
import { isStorable } from "../storage/storable.ts";
import type { EnvironmentId, StoredPerson } from "../storage/storage.ts";
import { routeApp } from "./route-app.ts";
import { errors, json, SECRET } from "./schemas.ts";
import { streamLines } from "./stream-lines.ts";

const userParam = z.object({
  id: z.string().openapi({
    param: { name: "id", in: "path" },
    example: "anna",
    description: "A user id, or the anonymous id of somebody who was never identified",
  }),
});
const exportUser = createRoute({
  tags: ["People"],
  security: SECRET,
  method: "get",
  path: "/v1/users/{id}/export",
  summary: "Everything that is stored of a person, as JSON lines",
  request: { params: userParam },
  responses: {
    200: {
      description:
        "Lines with `record`: `person`, `state`, an `event` for each message, `traits`, and `end`, without which the export is not complete",
      content: { "application/x-ndjson": { schema: z.string() } },
    },
    ...errors(401, 403, 404, 409),
  },
});
const eraseUser = createRoute({
  tags: ["People"],
  security: SECRET,
  method: "delete",
  path: "/v1/users/{id}",
  summary: "Erase a person: messages, what was counted of them, state; answered when it is done",
  request: { params: userParam },
  responses: {
    200: json(
      "What is gone",
      z
        .object({
          events: z.number().int().openapi({ description: "Messages" }),
          anonymousIds: z.number().int().openapi({ description: "Anonymous ids that were theirs" }),
          state: z.boolean().openapi({ description: "Whether a state was kept" }),
        })
        .openapi("Erasure"),
    ),
    ...errors(401, 403, 404, 409, 503),
  },
});

/** What is stored of the people who use the product: to hand it to them, and to take it away. */
export function userRoutes({ storage, now }: ServerDeps) {
  /** Throws 404 where nothing is stored, and 409 for somebody else's anonymous id. */
  const personOf = async (environment: EnvironmentId, id: string): Promise<StoredPerson> => {
    const found = isStorable(id) ? await storage.person(environment, id) : undefined;
    if (found !== undefined && found.userId !== null && found.userId !== id)
      throw httpError("conflict", "This anonymous id belongs to a user; ask for the user's id.", {
        user: found.userId,
      });
    if (found !== undefined) return found;
    const state = isStorable(id) ? await storage.document(environment, "state", id) : undefined;
    if (state === undefined) throw httpError("not-found", "Nothing is stored of anybody with this id.");
    return { userId: id, anonymousIds: [], ids: [], states: [id] };
  };
  return routeApp()
    .openapi(exportUser, async (c) => {
      const { environment } = c.var.caller;
      const { id } = c.req.valid("param");
      const person = await personOf(environment, id);
      return streamLines(c, exportPerson(storage, environment, id, person, now()));
    })
    .openapi(eraseUser, async (c) => {
      const { environment, name: actor } = c.var.caller;
      const { id } = c.req.valid("param");
      // Also where nothing else is kept of them, which is answered 404.
      await endPreviewsAs({ storage, now }, environment, "user", id);
      const person = await personOf(environment, id);
      // Who it was is not written down: the log would be the one place that still knows.
      const { events, states } = await storage.erase(environment, person, now(), [
        auditEntry(actor, "erase", "users"),
      ]);
      return c.json({ events, anonymousIds: person.anonymousIds.length, state: states > 0 }, 200);
    });
}
