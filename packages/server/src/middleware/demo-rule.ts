import type { Context } from "hono";
import type { ServerDeps, ServerEnv } from "../server-env.ts";

const LOCAL_HOSTS = new Set(["localhost", "127.0.0.1"]);
const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|::1|::ffff:127(?:\.\d{1,3}){3})$/;

/**
 * The demo keys are known to everybody, so they open only what is on the caller's own machine: a demo server, a
 * loopback peer, a local Host header (a page elsewhere cannot fake it by DNS), and no trace of a proxy in between.
 */
export function isLocalDemoRequest(c: Context<ServerEnv>, deps: ServerDeps): boolean {
  if (!deps.demo) return false;
  const peer = deps.peer(c.env);
  if (peer === undefined || !LOOPBACK.test(peer)) return false;
  const host = c.req.header("host") ?? new URL(c.req.url).host;
  if (!LOCAL_HOSTS.has(host.replace(/:\d+$/, ""))) return false;
  for (const name of c.req.raw.headers.keys())
    if (name === "forwarded" || name.startsWith("x-forwarded-")) return false;
  return true;
}

/** Whether a page of another origin sends this: any page that the developer visits could know `sk_demo`. */
export function isFromAnotherOrigin(c: Context<ServerEnv>): boolean {
  const origin = c.req.header("origin");
  if (origin === undefined) return false;
  const host = c.req.header("host") ?? new URL(c.req.url).host;
  return origin !== `http://${host}` && origin !== `https://${host}`;
}
