import type { Context, MiddlewareHandler } from "hono";
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

/** Whose request this is; throws 401 for a missing or unknown key, or a demo key used from elsewhere. */
export function callerOf(c: Context<ServerEnv>, deps: ServerDeps, key: string | undefined): Caller {
  if (key === undefined || key === "") throw httpError("unauthorized", "A key is needed.");
  const caller = deps.keyring(key);
  if (caller === undefined) throw httpError("unauthorized", "This key is not known here.");
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

/** Lets only secret keys through: everything but reading the config and sending events. */
export function requireSecretKey(deps: ServerDeps): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const caller = callerOf(c, deps, headerKey(c.req.header("authorization")));
    if (caller.kind !== "secret") throw httpError("forbidden", "This needs a secret key (sk_…).");
    if (caller.demo && isFromAnotherOrigin(c))
      throw httpError("unauthorized", "The secret demo key is not for pages of another origin.");
    c.set("caller", caller);
    await next();
  };
}
