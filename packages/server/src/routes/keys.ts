import { createRoute, z } from "@hono/zod-openapi";
import { auditEntry } from "../access/audit.ts";
import { createKey, keptKeys, revokeKey } from "../access/kept-keys.ts";
import { environmentNamed, isServerWide } from "../access/named-environment.ts";
import { ENVIRONMENTS, type EnvironmentName, SCOPES } from "../access/scopes.ts";
import { addSigningKey, removeSigningKey, type SigningKey, signingKeys } from "../access/signing-keys.ts";
import { httpError } from "../errors.ts";
import type { KeyRecord } from "../keys.ts";
import type { Caller, ServerDeps } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { errors, idParam, iso, json, SECRET, textSchema } from "./schemas.ts";

const nullableMoment = z.string().nullable();
const keySchema = z
  .object({
    id: z.string().openapi({ description: "First letters of its hash; not the key" }),
    kind: z.enum(["public", "secret"]),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    origins: z.array(z.string()),
    createdAt: z.string(),
    expiresAt: nullableMoment,
    revokedAt: nullableMoment,
    lastUsedAt: nullableMoment.openapi({ description: "To the minute" }),
  })
  .openapi("Key");
const signingKeySchema = z
  .object({ kid: z.string(), alg: z.enum(["HS256", "EdDSA"]), createdAt: z.string() })
  .openapi("SigningKey");
/** What an Origin header says: scheme, host and port, and nothing behind. */
const originSchema = z
  .string()
  .refine((text) => URL.canParse(text) && new URL(text).origin === text, {
    message: "not an origin; write https://app.example.com, without a path",
  })
  .openapi({ example: "https://app.example.com" });

const environmentSchema = z.enum(ENVIRONMENTS).openapi({
  description:
    "Default: that of the key that asks. Another one only where it comes before that on the way to production",
});
const environmentQuery = z.object({ environment: environmentSchema.optional() });

const keyTags = { tags: ["Keys"], security: SECRET };
const listKeys = createRoute({
  ...keyTags,
  method: "get",
  path: "/v1/keys",
  summary: "The keys of the environment, also those that open nothing any more",
  request: { query: environmentQuery },
  responses: {
    200: json("The keys, oldest first", z.object({ keys: z.array(keySchema) })),
    ...errors(400, 401, 403),
  },
});
const makeKey = createRoute({
  ...keyTags,
  method: "post",
  path: "/v1/keys",
  summary: "Make a key; its text is told only now",
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            kind: z.enum(["public", "secret"]),
            environment: environmentSchema.optional(),
            name: textSchema(200).optional(),
            scopes: z.array(z.enum(SCOPES)).min(1).optional().openapi({
              description:
                "Of a secret key. Default: those of the key that asks; in another environment without `keys:write` and `metrics:read`, which reach beyond it",
            }),
            origins: z
              .array(originSchema)
              .max(100)
              .optional()
              .openapi({ description: "Of a public key: pages that may use it. Default: any" }),
            expiresAt: z.iso.datetime({ offset: true }).optional(),
          }),
        },
      },
    },
  },
  responses: {
    201: json("The key", keySchema.extend({ key: z.string() }).openapi("NewKey")),
    ...errors(400, 401, 403),
  },
});
const dropKey = createRoute({
  ...keyTags,
  method: "delete",
  path: "/v1/keys/{id}",
  summary: "Revoke a key; it stays in the list",
  request: { params: idParam, query: environmentQuery },
  responses: { 204: { description: "It opens nothing any more" }, ...errors(400, 401, 403, 404) },
});
const listSigningKeys = createRoute({
  ...keyTags,
  method: "get",
  path: "/v1/signing-keys",
  summary: "What user tokens are verified with; at most two",
  request: { query: environmentQuery },
  responses: {
    200: json("The keys, oldest first", z.object({ keys: z.array(signingKeySchema) })),
    ...errors(400, 401, 403),
  },
});
const makeSigningKey = createRoute({
  ...keyTags,
  method: "post",
  path: "/v1/signing-keys",
  summary: "Make a secret for HS256, told only now, or take in a public key for EdDSA",
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            alg: z.enum(["HS256", "EdDSA"]),
            environment: environmentSchema.optional(),
            publicKey: z.string().max(4_096).optional().openapi({ description: "Ed25519, PEM or JWK" }),
          }),
        },
      },
    },
  },
  responses: {
    201: json("The key", signingKeySchema.extend({ secret: z.string().optional() }).openapi("NewSigningKey")),
    ...errors(400, 401, 403, 409),
  },
});
const dropSigningKey = createRoute({
  ...keyTags,
  method: "delete",
  path: "/v1/signing-keys/{id}",
  summary: "Refuse tokens that are signed with it from now on",
  request: { params: idParam, query: environmentQuery },
  responses: { 204: { description: "It is gone" }, ...errors(400, 401, 403, 404) },
});

/** Keys of an environment, and what its user tokens are signed with. */
export function keyRoutes(deps: ServerDeps) {
  const { storage } = deps;
  return routeApp()
    .openapi(listKeys, async (c) => {
      const keys = await keptKeys(storage, named(c.var.caller, c.req.valid("query")));
      return c.json({ keys: keys.map(toAnswer) }, 200);
    })
    .openapi(makeKey, async (c) => {
      const { kind, name = "", scopes, origins, expiresAt } = c.req.valid("json");
      const { name: actor, scopes: own } = c.var.caller;
      const environment = named(c.var.caller, c.req.valid("json"));
      if (kind === "public" && scopes !== undefined)
        throw httpError("bad-request", "A public key has no scopes.");
      if (kind === "secret" && origins !== undefined)
        throw httpError("bad-request", "A secret key is for no page: it has no origins.");
      const beyond = (scopes ?? []).filter((scope) => !own.has(scope));
      if (beyond.length > 0)
        throw httpError("forbidden", `Nobody gives away what they do not have: ${beyond.join(", ")}.`);
      const given = [...own].filter(
        (scope) => environment === c.var.caller.environment || !isServerWide(scope),
      );
      if (kind === "secret" && scopes === undefined && given.length === 0)
        throw httpError("bad-request", "Say which scopes: none of this key's are for another environment.");
      const wanted = {
        kind,
        environment,
        name,
        ...(kind === "secret" && { scopes: scopes ?? given }),
        ...(origins && { origins }),
        ...(expiresAt !== undefined && { expiresAt: Date.parse(expiresAt) }),
      };
      const from =
        environment === c.var.caller.environment ? "" : `(by a key of ${c.var.caller.environment})`;
      const note = [kind, name, from].filter(Boolean).join(" ");
      const made = await createKey(deps, wanted, (subject) => auditEntry(actor, "create", subject, { note }));
      await deps.reloadKeys();
      return c.json({ ...toAnswer(made.record), key: made.key }, 201);
    })
    .openapi(dropKey, async (c) => {
      const { name: actor } = c.var.caller;
      const { id } = c.req.valid("param");
      const environment = named(c.var.caller, c.req.valid("query"));
      await revokeKey(deps, environment, id, (subject) => auditEntry(actor, "revoke", subject));
      await deps.reloadKeys();
      return c.body(null, 204);
    })
    .openapi(listSigningKeys, async (c) => {
      const keys = await signingKeys(storage, named(c.var.caller, c.req.valid("query")));
      return c.json({ keys: keys.map(toSigningAnswer) }, 200);
    })
    .openapi(makeSigningKey, async (c) => {
      const { name: actor } = c.var.caller;
      const { environment: _, ...wanted } = c.req.valid("json");
      const environment = named(c.var.caller, c.req.valid("json"));
      const key = await addSigningKey(deps, environment, wanted, (subject) =>
        auditEntry(actor, "create", subject, { note: wanted.alg }),
      );
      deps.tokens.forget(environment);
      return c.json({ ...toSigningAnswer(key), ...(key.secret && { secret: key.secret }) }, 201);
    })
    .openapi(dropSigningKey, async (c) => {
      const { name: actor } = c.var.caller;
      const { id } = c.req.valid("param");
      const environment = named(c.var.caller, c.req.valid("query"));
      await removeSigningKey(deps, environment, id, (subject) => auditEntry(actor, "revoke", subject));
      deps.tokens.forget(environment);
      return c.body(null, 204);
    });
}

const named = (caller: Caller, { environment }: { readonly environment?: EnvironmentName | undefined }) =>
  environmentNamed(caller, environment);

function toAnswer({ id, kind, name, scopes, origins, ...key }: KeyRecord) {
  return {
    id,
    kind,
    name,
    scopes: [...scopes],
    origins: [...origins],
    createdAt: iso(key.createdAt),
    expiresAt: key.expiresAt === null ? null : iso(key.expiresAt),
    revokedAt: key.revokedAt === null ? null : iso(key.revokedAt),
    lastUsedAt: key.lastUsedAt === null ? null : iso(key.lastUsedAt),
  };
}

const toSigningAnswer = ({ kid, alg, createdAt }: SigningKey) => ({ kid, alg, createdAt: iso(createdAt) });
