import type { AppType } from "@cairn/server";
import { hc } from "hono/client";
import type { Session } from "../session/session.ts";

/** The server's routes, typed by the server itself. */
export type Api = ReturnType<typeof createApi>;

/** A key is sent as a bearer token; a person has a cookie, and says with each request what no other site can know. */
export function createApi(session: Session) {
  const headers =
    session.type === "key"
      ? { Authorization: `Bearer ${session.key}` }
      : { "X-CSRF-Token": session.csrf, "X-Cairn-Environment": session.environment };
  return hc<AppType>(location.origin, { headers });
}
