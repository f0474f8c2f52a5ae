import type { AppType } from "@cairn/server";
import { hc } from "hono/client";

/** The server's routes, typed by the server itself. */
export type Api = ReturnType<typeof createApi>;

/** @param key a secret key, `sk_…`; sent as a bearer token */
export function createApi(key: string) {
  return hc<AppType>(location.origin, { headers: { Authorization: `Bearer ${key}` } });
}
