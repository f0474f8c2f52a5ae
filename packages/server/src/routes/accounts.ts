import { createRoute, z } from "@hono/zod-openapi";
import { auditEntry } from "../access/audit.ts";
import { endPreviewsAs } from "../definitions/previews.ts";
import { httpError } from "../errors.ts";
import { exportAccount } from "../people/export-account.ts";
import type { ServerDeps } from "../server-env.ts";
import { isStorable } from "../storage/storable.ts";
import type { EnvironmentId, StoredAccount } from "../storage/storage.ts";
import { routeApp } from "./route-app.ts";
import { errors, json, SECRET } from "./schemas.ts";
import { streamLines } from "./stream-lines.ts";

const accountParam = z.object({
  id: z.string().openapi({
    param: { name: "id", in: "path" },
    example: "acme",
    description: "The account's id, as `group` messages name it",
  }),
});
const exportRoute = createRoute({
  tags: ["People"],
  security: SECRET,
  method: "get",
  path: "/v1/accounts/{id}/export",
  summary: "Everything that was sent in an account's name, as JSON lines",
  request: { params: accountParam },
  responses: {
    200: {
      description:
        "Lines with `record`: `account` with its users, a `state` for each of them who is known by nothing else, an `event` for each message, `traits`, and `end`, without which the export is not complete",
      content: { "application/x-ndjson": { schema: z.string() } },
    },
    ...errors(401, 403, 404),
  },
});
const eraseRoute = createRoute({
  tags: ["People"],
  security: SECRET,
  method: "delete",
  path: "/v1/accounts/{id}",
  summary:
    "Erase an account: every message that names it, what was counted of them, the state of users known by nothing else; answered when it is done",
  request: { params: accountParam },
  responses: {
    200: json(
      "What is gone",
      z
        .object({
          events: z.number().int().openapi({ description: "Messages" }),
          users: z
            .number()
            .int()
            .openapi({ description: "Users that it was named with; of some, other messages may stay" }),
          states: z.number().int().openapi({ description: "States of users who are known by nothing else" }),
        })
        .openapi("AccountErasure"),
    ),
    ...errors(401, 403, 404, 503),
  },
});

/** What is stored of the companies that use the product: to hand it to them, and to take it away. */
export function accountRoutes({ storage, now }: ServerDeps) {
  const accountOf = async (environment: EnvironmentId, id: string): Promise<StoredAccount> => {
    const found = isStorable(id) ? await storage.account(environment, id) : undefined;
    if (found === undefined) throw httpError("not-found", "No message names an account with this id.");
    return found;
  };
  return routeApp()
    .openapi(exportRoute, async (c) => {
      const { environment } = c.var.caller;
      const { id } = c.req.valid("param");
      const account = await accountOf(environment, id);
      return streamLines(c, exportAccount(storage, environment, id, account, now()));
    })
    .openapi(eraseRoute, async (c) => {
      const { environment, name: actor } = c.var.caller;
      const { id } = c.req.valid("param");
      // Also where nothing else is kept of them, which is answered 404.
      await endPreviewsAs({ storage, now }, environment, "account", id);
      const account = await accountOf(environment, id);
      // Which one it was is not written down: the log would be the one place that still knows.
      const { events, states } = await storage.erase(environment, account, now(), [
        auditEntry(actor, "erase", "accounts"),
      ]);
      return c.json({ events, users: account.userIds.length, states }, 200);
    });
}
