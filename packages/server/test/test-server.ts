import { createLiveKeys } from "../src/access/kept-keys.ts";
import { createRateLimits } from "../src/access/rate-limits.ts";
import { createUserTokens } from "../src/access/user-tokens.ts";
import { createApp } from "../src/app.ts";
import { toStoredKey } from "../src/keys.ts";
import type { ServerDeps } from "../src/server-env.ts";
import { storeOfRun } from "./store-of-run.ts";

export const PUBLIC_KEY = "pk_0123456789abcdef";
export const SECRET_KEY = "sk_0123456789abcdef";
export const OTHER_SECRET_KEY = "sk_fedcba9876543210";
export const OTHER_PUBLIC_KEY = "pk_fedcba9876543210";
export const NOW = Date.parse("2026-11-20T12:00:00.000Z");

/** An app on a fresh store, with a clock that stands still and keys for two environments. */
export function createTestServer(overrides: Partial<ServerDeps> = {}) {
  let ids = 0;
  const reported: unknown[] = [];
  const storage = overrides.storage ?? storeOfRun();
  const now = overrides.now ?? (() => NOW);
  const given = [
    toStoredKey(PUBLIC_KEY, "public", "production", NOW),
    toStoredKey(SECRET_KEY, "secret", "production", NOW),
    toStoredKey(OTHER_SECRET_KEY, "secret", "staging", NOW),
    toStoredKey(OTHER_PUBLIC_KEY, "public", "staging", NOW),
  ];
  const keys = createLiveKeys({ storage, now, demo: overrides.demo ?? false, given });
  const deps: ServerDeps = {
    storage,
    tokens: createUserTokens({ storage, now }),
    keyring: keys.keyring,
    reloadKeys: keys.reload,
    limits: createRateLimits({}, now),
    // What a real one costs is on purpose, and a hundred of them take longer than all the rest.
    passwordCost: 4,
    now,
    newId: () => `id-${++ids}`,
    peer: () => "127.0.0.1",
    demo: false,
    report: (thrown) => reported.push(thrown),
    ...overrides,
  };
  const app = createApp(deps);
  const send = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await app.request(path, {
      method,
      headers: {
        authorization: `Bearer ${SECRET_KEY}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return response;
  };
  return { app, deps, send, reported };
}

export const tooltip = (id: string, more: object = {}) => ({
  schemaVersion: 1,
  id,
  kind: "tooltip",
  steps: [
    {
      id: "one",
      target: { anchor: "export-button" },
      title: "Take it with you",
      actions: [{ id: "ok", label: "Got it", do: "done" }],
    },
  ],
  ...more,
});
