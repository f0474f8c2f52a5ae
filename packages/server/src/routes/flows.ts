import type { Flow } from "@cairn/flow-schema";
import { createRoute, z } from "@hono/zod-openapi";
import { publishedFlow } from "../definitions/live-config.ts";
import { publishFlows, rollbackFlow } from "../definitions/publish.ts";
import { waitingReviews } from "../definitions/reviews.ts";
import { schedulePublish } from "../definitions/schedules.ts";
import {
  archiveFlow,
  deleteDefinition,
  entityTag,
  findDefinition,
  putDefinition,
} from "../definitions/workspace.ts";
import { httpError } from "../errors.ts";
import { parseSafeJson } from "../middleware/read-body.ts";
import type { ServerDeps } from "../server-env.ts";
import type { Definitions, StoredDefinition, StoredVersion } from "../storage/storage.ts";
import { routeApp } from "./route-app.ts";
import { scheduledSchema, toScheduled } from "./schedules.ts";
import {
  errors,
  flowSchema,
  idParam,
  ifMatchHeader,
  instantSchema,
  iso,
  json,
  noteSchema,
  SECRET,
  warningsSchema,
} from "./schemas.ts";

const summarySchema = z
  .object({
    id: z.string(),
    kind: z.string(),
    name: z.string().nullable(),
    enabled: z.boolean(),
    archived: z.boolean(),
    state: z.enum(["draft", "published", "changed"]).openapi({
      description: "`draft`: never published; `published`: the draft is what is live; `changed`: it is not",
    }),
    version: z.number().int().nullable().openapi({ description: "The live version" }),
    publishedAt: z.string().nullable(),
    updatedAt: z.string().openapi({ description: "When the draft was last written" }),
    etag: z.string(),
    review: z.enum(["asked", "sent-back"]).nullable().openapi({
      description: "`asked`: somebody waits for it to be published; `sent-back`: its author has to mend it",
    }),
  })
  .openapi("FlowSummary");
const versionSchema = z
  .object({
    version: z.number().int(),
    publishedAt: z.string(),
    author: z.string().nullable(),
    note: z.string().nullable(),
    live: z.boolean(),
    flow: flowSchema,
  })
  .openapi("FlowVersion");
const publishedSchema = z
  .object({
    id: z.string(),
    version: z.number().int(),
    publishedAt: z.string(),
    note: z.string().nullable(),
  })
  .openapi("Published");
const publishedOneSchema = publishedSchema.extend({ warnings: warningsSchema }).openapi("PublishedOne");
/** Answered where a moment was given. Not in the type: whoever gives none need not tell the answers apart. */
const LATER = { 202: json("It is planned", scheduledSchema) } as object;

const tags = ["Flows"];
const common = { tags, security: SECRET };
const listFlows = createRoute({
  ...common,
  method: "get",
  path: "/v1/flows",
  summary: "All flows, by id, but for archived ones",
  request: {
    query: z.object({
      archived: z.enum(["true", "false"]).optional().openapi({ description: "`true`: only those" }),
    }),
  },
  responses: {
    200: json("The flows", z.object({ flows: z.array(summarySchema) })),
    ...errors(400, 401, 403),
  },
});
const getFlow = createRoute({
  ...common,
  method: "get",
  path: "/v1/flows/{id}",
  summary: "The draft of a flow, with the live version's number",
  request: { params: idParam },
  responses: {
    200: {
      ...json(
        "The draft; its ETag is for `If-Match`, `X-Cairn-Archived` says when it was archived",
        flowSchema,
      ),
      headers: z.object({
        "X-Cairn-Archived": z.iso
          .datetime()
          .optional()
          .openapi({ description: "When the flow was archived, if it is: restore it before you write it" }),
      }),
    },
    ...errors(401, 403, 404),
  },
});
const putFlow = createRoute({
  ...common,
  method: "put",
  path: "/v1/flows/{id}",
  summary: "Write the draft of a flow",
  request: {
    params: idParam,
    headers: ifMatchHeader,
    body: { required: true, content: { "application/json": { schema: flowSchema } } },
  },
  responses: {
    200: json("The draft as stored", flowSchema),
    201: json("The draft as stored; it is new", flowSchema),
    ...errors(400, 401, 403, 409, 412, 413, 415, 422),
  },
});
const deleteFlow = createRoute({
  ...common,
  method: "delete",
  path: "/v1/flows/{id}",
  summary: "Delete a flow and take it out of the config; its versions stay",
  request: { params: idParam, headers: ifMatchHeader },
  responses: { 204: { description: "Deleted" }, ...errors(401, 403, 404, 409, 412) },
});
const listVersions = createRoute({
  ...common,
  method: "get",
  path: "/v1/flows/{id}/versions",
  summary: "The published versions of a flow, newest first",
  request: { params: idParam },
  responses: {
    200: json("The versions", z.object({ versions: z.array(versionSchema) })),
    ...errors(401, 403, 404),
  },
});
const publishFlow = createRoute({
  ...common,
  method: "post",
  path: "/v1/flows/{id}/publish",
  summary: "Publish the draft as the next version; with `at`, at that time, as it now is",
  request: {
    params: idParam,
    headers: ifMatchHeader,
    body: {
      content: {
        "application/json": {
          schema: z.strictObject({ note: noteSchema.optional(), at: instantSchema.optional() }),
        },
      },
    },
  },
  responses: {
    200: json("What is live now", publishedOneSchema),
    ...errors(400, 401, 403, 404, 409, 412, 422),
    ...LATER,
  },
});
const archive = createRoute({
  ...common,
  method: "post",
  path: "/v1/flows/{id}/archive",
  summary: "Take a flow out of the config and out of sight; its draft and its versions stay",
  request: { params: idParam, headers: ifMatchHeader },
  responses: { 204: { description: "It is put away" }, ...errors(401, 403, 404, 409, 412) },
});
const restore = createRoute({
  ...common,
  method: "post",
  path: "/v1/flows/{id}/restore",
  summary: "Bring an archived flow back, as a draft",
  request: { params: idParam, headers: ifMatchHeader },
  responses: { 204: { description: "It is a draft again" }, ...errors(401, 403, 404, 412) },
});
const rollback = createRoute({
  ...common,
  method: "post",
  path: "/v1/flows/{id}/rollback",
  summary: "Publish an older version again, as the next version; the draft is kept",
  request: {
    params: idParam,
    headers: ifMatchHeader,
    body: {
      required: true,
      content: { "application/json": { schema: z.strictObject({ version: z.number().int().min(1) }) } },
    },
  },
  responses: {
    200: json("What is live now", publishedOneSchema),
    ...errors(400, 401, 403, 404, 409, 412, 422),
  },
});
const publishMany = createRoute({
  ...common,
  method: "post",
  path: "/v1/publish",
  summary: "Publish several drafts as one change: all or none",
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            flows: z.array(z.string()).min(1).max(1000),
            note: noteSchema.optional(),
            at: instantSchema.optional(),
          }),
        },
      },
    },
  },
  responses: {
    200: json(
      "What is live now",
      z.object({ published: z.array(publishedSchema), warnings: warningsSchema }),
    ),
    ...errors(400, 401, 403, 404, 409, 422),
    ...LATER,
  },
});

export function flowRoutes(deps: ServerDeps) {
  const { storage } = deps;
  return routeApp()
    .openapi(listFlows, async (c) => {
      const { environment } = c.var.caller;
      const definitions = await storage.definitions(environment);
      const waiting = await waitingReviews(storage, environment, definitions);
      const archived = c.req.valid("query").archived === "true";
      const drafts = definitions.drafts.filter((draft) => (draft.archivedAt !== undefined) === archived);
      const review = (id: string) => waiting.get(id) ?? null;
      return c.json(
        { flows: drafts.map((draft) => ({ ...toSummary(draft, definitions), review: review(draft.id) })) },
        200,
      );
    })
    .openapi(getFlow, async (c) => {
      const { id } = c.req.valid("param");
      const definitions = await storage.definitions(c.var.caller.environment);
      const draft = findDefinition(definitions, "flow", id);
      if (draft === undefined) throw httpError("not-found", `There is no flow "${id}".`);
      c.header("ETag", entityTag(draft));
      // Not in the body: what is read there is what may be written again.
      if (draft.archivedAt !== undefined) c.header("X-Cairn-Archived", iso(draft.archivedAt));
      return c.json(withVersion(draft, definitions), 200);
    })
    .openapi(putFlow, async (c) => {
      const { id } = c.req.valid("param");
      const value = parseSafeJson(await c.req.text());
      const ifMatch = c.req.header("if-match");
      const { created, row, after } = await putDefinition(deps, c.var.caller, "flow", id, value, ifMatch);
      c.header("ETag", entityTag(row));
      return c.json(withVersion(row, after), created ? 201 : 200);
    })
    .openapi(deleteFlow, async (c) => {
      const { id } = c.req.valid("param");
      await deleteDefinition(deps, c.var.caller, "flow", id, c.req.header("if-match"));
      return c.body(null, 204);
    })
    .openapi(listVersions, async (c) => {
      const { id } = c.req.valid("param");
      const { environment } = c.var.caller;
      const versions = await storage.versions(environment, id);
      const { live, drafts } = await storage.definitions(environment);
      if (versions.length === 0 && !drafts.some((draft) => draft.id === id))
        throw httpError("not-found", `There is no flow "${id}".`);
      const liveVersion = live.find((candidate) => candidate.flow === id)?.version;
      return c.json(
        {
          versions: versions.map((version) => ({
            version: version.version,
            publishedAt: iso(version.publishedAt),
            author: version.author,
            note: version.note,
            live: version.version === liveVersion,
            flow: publishedFlow(version),
          })),
        },
        200,
      );
    })
    .openapi(publishFlow, async (c) => {
      const { id } = c.req.valid("param");
      const { note = null, at } = c.req.valid("json");
      const ifMatch = c.req.header("if-match");
      if (at !== undefined) {
        const planned = await schedulePublish(deps, c.var.caller, [id], note, Date.parse(at), ifMatch);
        return c.json(toScheduled(planned), 202) as never;
      }
      const { definitions, warnings } = await publishFlows(deps, c.var.caller, [id], note, ifMatch);
      return c.json({ ...livePublished(definitions, id), warnings: [...warnings] }, 200);
    })
    .openapi(archive, async (c) => {
      await archiveFlow(deps, c.var.caller, c.req.valid("param").id, true, c.req.header("if-match"));
      return c.body(null, 204);
    })
    .openapi(restore, async (c) => {
      await archiveFlow(deps, c.var.caller, c.req.valid("param").id, false, c.req.header("if-match"));
      return c.body(null, 204);
    })
    .openapi(rollback, async (c) => {
      const { id } = c.req.valid("param");
      const { version } = c.req.valid("json");
      const { definitions, warnings } = await rollbackFlow(
        deps,
        c.var.caller,
        id,
        version,
        c.req.header("if-match"),
      );
      return c.json({ ...livePublished(definitions, id), warnings: [...warnings] }, 200);
    })
    .openapi(publishMany, async (c) => {
      const { flows, note = null, at } = c.req.valid("json");
      const ids = [...new Set(flows)];
      if (at !== undefined) {
        const planned = await schedulePublish(deps, c.var.caller, ids, note, Date.parse(at));
        return c.json(toScheduled(planned), 202) as never;
      }
      const { definitions, warnings } = await publishFlows(deps, c.var.caller, ids, note);
      const published = ids.map((id) => livePublished(definitions, id));
      return c.json({ published, warnings: [...warnings] }, 200);
    });
}

function toSummary(draft: StoredDefinition<"flow">, { live }: Definitions) {
  const version = live.find((candidate) => candidate.flow === draft.id);
  const { kind, name, enabled } = draft.body;
  return {
    id: draft.id,
    kind,
    name: name ?? null,
    enabled: enabled ?? true,
    archived: draft.archivedAt !== undefined,
    state: stateOf(draft, version),
    version: version?.version ?? null,
    publishedAt: version === undefined ? null : iso(version.publishedAt),
    updatedAt: iso(draft.updatedAt),
    etag: entityTag(draft),
  };
}

function stateOf(draft: StoredDefinition<"flow">, live: StoredVersion | undefined) {
  if (live === undefined) return "draft" as const;
  return JSON.stringify(draft.body) === JSON.stringify(live.body)
    ? ("published" as const)
    : ("changed" as const);
}

function withVersion(draft: StoredDefinition<"flow">, { live }: Definitions): Flow {
  const version = live.find((candidate) => candidate.flow === draft.id);
  if (version === undefined) return draft.body;
  return { ...draft.body, version: version.version, publishedAt: iso(version.publishedAt) };
}

function livePublished({ live }: Definitions, id: string) {
  const version = live.find((candidate) => candidate.flow === id);
  if (version === undefined) throw httpError("conflict", `The flow "${id}" was deleted at the same moment.`);
  return { id, version: version.version, publishedAt: iso(version.publishedAt), note: version.note };
}
