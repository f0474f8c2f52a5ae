import { createRoute, z } from "@hono/zod-openapi";
import { auditEntry } from "../access/audit.ts";
import { refuseWhile } from "../access/identify-caller.ts";
import { MAX_PASSWORD, MIN_PASSWORD } from "../access/passwords.ts";
import { ENVIRONMENTS, ROLES } from "../access/scopes.ts";
import {
  idOfEmail,
  putPerson,
  removePerson,
  type Session,
  type StudioPerson,
  signIn,
  signOut,
  studioPeople,
} from "../access/studio-people.ts";
import { httpError } from "../errors.ts";
import { addressOf } from "../middleware/authenticate.ts";
import { isFromAnotherOrigin } from "../middleware/demo-rule.ts";
import { checkCsrf, dropCookie, giveCookie, sessionOf, sessionToken } from "../middleware/session.ts";
import type { ServerDeps } from "../server-env.ts";
import { routeApp } from "./route-app.ts";
import { errors, iso, json, SECRET, textSchema } from "./schemas.ts";

const personSchema = z
  .object({ email: z.string(), name: z.string(), role: z.enum(ROLES), createdAt: z.string() })
  .openapi("StudioPerson");
const sessionSchema = z
  .object({
    email: z.string(),
    name: z.string(),
    role: z.enum(ROLES),
    csrf: z.string().openapi({ description: "For `X-CSRF-Token`, with everything that changes something" }),
    environments: z.array(z.enum(ENVIRONMENTS)).openapi({ description: "For `X-Cairn-Environment`" }),
    expiresAt: z.string(),
  })
  .openapi("Session");
const emailParam = z.object({
  email: z
    .email()
    .max(254)
    .openapi({ param: { name: "email", in: "path" }, example: "anna@example.com" }),
});

const start = createRoute({
  tags: ["Studio"],
  method: "post",
  path: "/v1/session",
  summary: "Sign in to the studio: sets a cookie that no script can read",
  request: {
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({ email: textSchema(254), password: z.string().max(MAX_PASSWORD) }),
        },
      },
    },
  },
  responses: { 200: json("Who is signed in", sessionSchema), ...errors(400, 401, 403, 413, 415, 429) },
});
const look = createRoute({
  tags: ["Studio"],
  method: "get",
  path: "/v1/session",
  summary: "Who is signed in",
  responses: { 200: json("Who is signed in", sessionSchema), ...errors(401) },
});
const end = createRoute({
  tags: ["Studio"],
  method: "delete",
  path: "/v1/session",
  summary: "Sign out",
  responses: { 204: { description: "Nobody is signed in" }, ...errors(403) },
});
const list = createRoute({
  tags: ["Studio"],
  security: SECRET,
  method: "get",
  path: "/v1/people",
  summary: "Who may sign in to the studio",
  responses: { 200: json("The people", z.object({ people: z.array(personSchema) })), ...errors(401, 403) },
});
const put = createRoute({
  tags: ["Studio"],
  security: SECRET,
  method: "put",
  path: "/v1/people/{email}",
  summary: "Let somebody sign in, or change their role or password; their sessions end",
  request: {
    params: emailParam,
    body: {
      required: true,
      content: {
        "application/json": {
          schema: z.strictObject({
            name: textSchema(200).optional(),
            role: z.enum(ROLES),
            password: z.string().min(MIN_PASSWORD).max(MAX_PASSWORD).optional(),
          }),
        },
      },
    },
  },
  responses: {
    200: json("The person", personSchema),
    201: json("The person; they are new", personSchema),
    ...errors(400, 401, 403),
  },
});
const drop = createRoute({
  tags: ["Studio"],
  security: SECRET,
  method: "delete",
  path: "/v1/people/{email}",
  summary: "Let somebody in no more",
  request: { params: emailParam },
  responses: { 204: { description: "They are out" }, ...errors(401, 403, 404) },
});

/** People of the studio: who they are, and their sessions. */
export function peopleRoutes(deps: ServerDeps) {
  return routeApp()
    .openapi(start, async (c) => {
      if (isFromAnotherOrigin(c)) throw httpError("forbidden", "Sign in on the studio's own page.");
      const { email, password } = c.req.valid("json");
      const { signIn: guesses, signInAnywhere } = deps.limits;
      const [place, person] = [addressOf(c, deps) ?? "", idOfEmail(email)];
      // Taken before the password is looked at, so that many at once are counted too; who is right gets it back.
      refuseWhile(guesses.take(place));
      const wait = signInAnywhere.take(person);
      if (wait > 0) guesses.giveBack(place);
      refuseWhile(wait);
      const opened = await signIn(deps, email, password);
      if (opened === undefined) throw httpError("unauthorized", "The address or the password is wrong.");
      guesses.giveBack(place);
      signInAnywhere.giveBack(person);
      giveCookie(c, deps, opened.token);
      c.header("Cache-Control", "no-store");
      return c.json(toSession(opened.session), 200);
    })
    .openapi(look, async (c) => {
      const session = await sessionOf(c, deps);
      if (session === undefined) throw httpError("unauthorized", "Nobody is signed in.");
      c.header("Cache-Control", "no-store");
      return c.json(toSession(session), 200);
    })
    .openapi(end, async (c) => {
      const session = await sessionOf(c, deps);
      if (session !== undefined) {
        checkCsrf(c, session);
        await signOut(deps, sessionToken(c) ?? "");
      }
      dropCookie(c, deps);
      return c.body(null, 204);
    })
    .openapi(list, async (c) => c.json({ people: (await studioPeople(deps.storage)).map(toAnswer) }, 200))
    .openapi(put, async (c) => {
      const { email } = c.req.valid("param");
      const { name: actor } = c.var.caller;
      const wanted = c.req.valid("json");
      const { person, created } = await putPerson(deps, { email, ...wanted }, (subject, isNew) =>
        auditEntry(actor, isNew ? "create" : "put", subject, { note: wanted.role }),
      );
      return c.json(toAnswer(person), created ? 201 : 200);
    })
    .openapi(drop, async (c) => {
      const { name: actor } = c.var.caller;
      await removePerson(deps, c.req.valid("param").email, (subject) => auditEntry(actor, "delete", subject));
      return c.body(null, 204);
    });
}

const toAnswer = ({ email, name, role, createdAt }: StudioPerson) => ({
  email,
  name,
  role,
  createdAt: iso(createdAt),
});

function toSession({ person: { email, name, role }, csrf, expiresAt }: Session) {
  return { email, name, role, csrf, environments: [...ENVIRONMENTS], expiresAt: iso(expiresAt) };
}
