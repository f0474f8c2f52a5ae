import type { Scope } from "./scopes.ts";

/**
 * Which scope opens which route, the first rule that fits. What no rule names is closed to everybody, so that a new
 * route cannot be forgotten. `docs/security.md` has the same as a table, and a test holds both together.
 */
const RULES: readonly (readonly [methods: string, path: RegExp, scope: Scope])[] = [
  ["POST", /^\/v1\/(publish|flows\/[^/]+\/(publish|rollback|approve|send-back))$/, "publish"],
  ["POST DELETE", /^\/v1\/schedules(\/[^/]+)?$/, "publish"],
  ["GET", /^\/v1\/schedules$/, "definitions:read"],
  ["GET", /^\/v1\/(flows|features|segments|settings|audit)(\/|$)/, "definitions:read"],
  ["PUT DELETE", /^\/v1\/(flows|features|segments)\/[^/]+$/, "definitions:write"],
  ["PUT DELETE", /^\/v1\/settings$/, "definitions:write"],
  ["POST", /^\/v1\/flows\/[^/]+\/(archive|restore|ask)$/, "definitions:write"],
  ["POST", /^\/v1\/previews$/, "definitions:write"],
  // Where it publishes, the route asks for that scope too.
  ["POST", /^\/v1\/apply$/, "definitions:write"],
  ["POST", /^\/v1\/plan$/, "definitions:read"],
  ["GET", /^\/v1\/events$/, "events:read"],
  ["GET", /^\/v1\/(catalog|reports\/.+)$/, "reports:read"],
  ["GET POST PUT DELETE", /^\/v1\/(users|accounts)(\/|$)/, "people:write"],
  ["GET", /^\/metrics$/, "metrics:read"],
  ["GET POST PUT DELETE", /^\/v1\/(keys|signing-keys|people)(\/|$)/, "keys:write"],
];

/** The scope that this needs; `undefined`: nobody may. */
export function scopeFor(method: string, path: string): Scope | undefined {
  const asked = method === "HEAD" ? "GET" : method;
  return RULES.find(([methods, pattern]) => methods.split(" ").includes(asked) && pattern.test(path))?.[2];
}
