import { createRoute, z } from "@hono/zod-openapi";
import { approveFlow, askReview, CARES, reviewState, type Said, sendBack } from "../definitions/reviews.ts";
import type { ServerDeps } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { errors, idParam, iso, json, noteSchema, SECRET } from "./schemas.ts";

const saidSchema = z.object({ by: z.string(), at: z.string(), note: z.string().nullable() });
const reviewSchema = z
  .object({
    needed: z
      .enum(CARES)
      .nullable()
      .openapi({ description: "Why two people have to stand behind it; null where one is enough" }),
    writer: z.string().nullable().openapi({ description: "Who wrote the draft as it now is" }),
    approvedBy: z.array(z.string()),
    asked: saidSchema.nullable().openapi({ description: "Who asked to have it published as it now is" }),
    sentBack: saidSchema.nullable().openapi({ description: "Who last said no; until it is asked again" }),
    enough: z.boolean().openapi({ description: "Whether two would stand behind it if you published it now" }),
  })
  .openapi("Review");
const noteBody = {
  content: { "application/json": { schema: z.strictObject({ note: noteSchema.optional() }) } },
};

const common = { tags: ["Flows"], security: SECRET };
const look = createRoute({
  ...common,
  method: "get",
  path: "/v1/flows/{id}/review",
  summary: "Where the draft stands: who wrote it, who asked, who approved, who sent it back",
  request: { params: idParam },
  responses: { 200: json("The review", reviewSchema), ...errors(401, 403, 404) },
});
const ask = createRoute({
  ...common,
  method: "post",
  path: "/v1/flows/{id}/ask",
  summary: "Ask those who may publish to look at the draft as it now is",
  request: { params: idParam, body: noteBody },
  responses: { 204: { description: "They see it in the studio" }, ...errors(400, 401, 403, 404) },
});
const approve = createRoute({
  ...common,
  method: "post",
  path: "/v1/flows/{id}/approve",
  summary:
    "Say yes to the draft as it now is: critical flows, modals and flows for everybody need a second person",
  request: { params: idParam },
  responses: {
    200: json("Who has approved it", z.object({ id: z.string(), approvedBy: z.array(z.string()) })),
    ...errors(401, 403, 404),
  },
});
const back = createRoute({
  ...common,
  method: "post",
  path: "/v1/flows/{id}/send-back",
  summary: "Say no to what was asked, and why; approvals are taken off",
  request: { params: idParam, body: noteBody },
  responses: { 204: { description: "Its author sees it in the studio" }, ...errors(400, 401, 403, 404, 409) },
});

/** What passes between the author of a draft and whoever publishes it. */
export function reviewRoutes(deps: ServerDeps) {
  return routeApp()
    .openapi(look, async (c) => {
      const state = await reviewState(deps.storage, c.var.caller, c.req.valid("param").id);
      const { needed = null, writer = null, approvedBy, asked, sentBack, enough } = state;
      const told = { asked: toSaid(asked), sentBack: toSaid(sentBack), approvedBy: [...approvedBy] };
      return c.json({ needed, writer, ...told, enough }, 200);
    })
    .openapi(ask, async (c) => {
      await askReview(deps, c.var.caller, c.req.valid("param").id, c.req.valid("json").note ?? null);
      return c.body(null, 204);
    })
    .openapi(approve, async (c) => {
      const { id } = c.req.valid("param");
      const { by } = await approveFlow(deps, c.var.caller, id);
      return c.json({ id, approvedBy: [...by] }, 200);
    })
    .openapi(back, async (c) => {
      await sendBack(deps, c.var.caller, c.req.valid("param").id, c.req.valid("json").note ?? null);
      return c.body(null, 204);
    });
}

const toSaid = (said: Said | undefined) => (said === undefined ? null : { ...said, at: iso(said.at) });
