import type { AppType } from "@cairn/server";
import { hc } from "hono/client";
import { currentCsrf, type Session } from "../session/session.ts";

/** The server's routes, typed by the server itself. */
export type Api = ReturnType<typeof createApi>;

/** A key is sent as a bearer token; a person has a cookie, and says with each request what no other site can know. */
export function createApi(session: Session) {
  if (session.type === "key")
    return hc<AppType>(location.origin, { headers: { Authorization: `Bearer ${session.key}` } });
  let { csrf } = session;
  /** Once more where it was refused, and the person has signed in anew since: what they wrote here is not lost. */
  const send: typeof fetch = async (to, request) => {
    const answer = await fetch(to, request);
    if (answer.status !== 401 && answer.status !== 403) return answer;
    const next = await currentCsrf(session.email);
    if (next === undefined || next === csrf) return answer;
    csrf = next;
    const headers = new Headers(request?.headers);
    headers.set("X-CSRF-Token", csrf);
    return await fetch(to, { ...request, headers });
  };
  return hc<AppType>(location.origin, {
    headers: () => ({ "X-CSRF-Token": csrf, "X-Cairn-Environment": session.environment }),
    fetch: send,
  });
}
