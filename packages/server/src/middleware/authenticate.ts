import type { Context, MiddlewareHandler } from "hono";
import { clientAddress, identifyCaller } from "../access/identify-caller.ts";
import { scopeFor } from "../access/route-access.ts";
import { httpError } from "../errors.ts";
import type { Caller, ServerDeps, ServerEnv } from "../server-env.ts";
import { isFromAnotherOrigin, isLocalDemoRequest } from "./demo-rule.ts";

/** The key in the Authorization header: `Bearer KEY`, or the user name of `Basic` as Segment's clients send it. */
export function headerKey(header: string | undefined): string | undefined {
  if (header === undefined) return undefined;
  const [scheme = "", value = ""] = header.trim().split(/\s+/, 2);
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return undefined;
  return Buffer.from(value, "base64").toString("utf8").split(":", 1)[0];
}

/** Whoever is at the other end of the connection, or in front of the proxies that are trusted, as requests are counted. */
export function addressOf(
  c: Context<ServerEnv>,
  { peer, trustedProxies = 0 }: ServerDeps,
): string | undefined {
  return clientAddress(peer(c.env), c.req.header("x-forwarded-for"), trustedProxies);
}

/** Whose request this is; throws 401 for a missing or unknown key, or a demo key used from elsewhere. */
export function callerOf(
  c: Context<ServerEnv>,
  deps: ServerDeps,
  key: string | undefined,
  counted = false,
): Caller {
  const origin = c.req.header("origin");
  const caller = identifyCaller(deps, { key, origin, address: addressOf(c, deps), counted });
  if (caller.demo && !isLocalDemoRequest(c, deps))
    throw httpError("unauthorized", "Demo keys work only on the machine that the demo server runs on.");
  return caller;
}

/** Whose public key an address names: that of a browser, which sends no header for it. */
export function publicCaller(c: Context<ServerEnv>, deps: ServerDeps, key: string | undefined): Caller {
  // A secret key in an address would end up in logs.
  if (key?.startsWith("sk_")) throw httpError("unauthorized", "A secret key does not belong in an address.");
  return callerOf(c, deps, key);
}

/** Whoever is signed in to the studio; `undefined` where the request has no session. */
export type SessionReader = (c: Context<ServerEnv>) => Promise<Caller | undefined>;

/** Lets only those through who have the route's scope: secret keys, and people who are signed in. */
export function requireScope(deps: ServerDeps, session: SessionReader): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const header = c.req.header("authorization");
    const caller =
      (header === undefined ? await session(c) : undefined) ?? callerOf(c, deps, headerKey(header));
    if (caller.kind === "public") throw httpError("forbidden", "This needs a secret key (sk_…).");
    if (caller.demo && isFromAnotherOrigin(c))
      throw httpError("unauthorized", "The secret demo key is not for pages of another origin.");
    const scope = scopeFor(c.req.method, c.req.path);
    if (scope === undefined) throw httpError("not-found", "There is no such address.");
    if (!caller.scopes.has(scope)) throw httpError("forbidden", `This needs the scope "${scope}".`);
    c.set("caller", caller);
    await next();
  };
}
