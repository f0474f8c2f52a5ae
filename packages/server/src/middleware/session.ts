import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { isEnvironment, ROLE_SCOPES } from "../access/scopes.ts";
import { isCsrfToken, readSession, SESSION_MS, type Session } from "../access/studio-people.ts";
import { httpError } from "../errors.ts";
import type { Caller, ServerDeps, ServerEnv } from "../server-env.ts";
import { isFromAnotherOrigin } from "./demo-rule.ts";

const COOKIE = "cairn_session";
const SAFE = ["GET", "HEAD", "OPTIONS"];

/** The session of a request, whatever it wants; `undefined` where it has none. */
export async function sessionOf(c: Context<ServerEnv>, deps: ServerDeps): Promise<Session | undefined> {
  const token = getCookie(c, COOKIE);
  return token === undefined ? undefined : await readSession(deps, token);
}

export const sessionToken = (c: Context<ServerEnv>): string | undefined => getCookie(c, COOKIE);

/**
 * The person who is signed in, in the environment that `X-Cairn-Environment` names. What changes something needs the
 * session's token in `X-CSRF-Token`, which no page of another origin can read.
 */
export async function personOf(c: Context<ServerEnv>, deps: ServerDeps): Promise<Caller | undefined> {
  const session = await sessionOf(c, deps);
  if (session === undefined) return undefined;
  if (!SAFE.includes(c.req.method)) checkCsrf(c, session);
  const environment = c.req.header("x-cairn-environment") ?? "production";
  if (!isEnvironment(environment))
    throw httpError("bad-request", `There is no environment "${environment}".`);
  const { email, role } = session.person;
  return {
    kind: "person",
    environment,
    demo: false,
    name: email,
    scopes: new Set(ROLE_SCOPES[role]),
    allows: () => true,
  };
}

export function checkCsrf(c: Context<ServerEnv>, session: Session): void {
  if (isFromAnotherOrigin(c) || !isCsrfToken(session, c.req.header("x-csrf-token")))
    throw httpError("forbidden", "The session's token is missing (X-CSRF-Token), or this is another page.");
}

/** No script can read it, and no other site's form or request carries it where something is changed. */
export function giveCookie(c: Context<ServerEnv>, deps: ServerDeps, token: string): void {
  setCookie(c, COOKIE, token, { ...attributes(c, deps), maxAge: SESSION_MS / 1_000 });
}

export function dropCookie(c: Context<ServerEnv>, deps: ServerDeps): void {
  deleteCookie(c, COOKIE, attributes(c, deps));
}

function attributes(c: Context<ServerEnv>, { trustedProxies = 0 }: ServerDeps) {
  const behind = trustedProxies > 0 ? c.req.header("x-forwarded-proto") : undefined;
  const secure = (behind ?? new URL(c.req.url).protocol.slice(0, -1)) === "https";
  return { path: "/v1", httpOnly: true, sameSite: "Lax" as const, secure };
}
