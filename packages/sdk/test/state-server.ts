import { createHmac, timingSafeEqual } from "node:crypto";
import { compile, createState, deserialise, serialise, transition } from "@cairn/engine";
import type { Message } from "@cairn/flow-schema";
import type { Clock } from "../src/ports.ts";

const SECRET = "a secret of the environment";
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const signature = (text: string, secret: string) => createHmac("sha256", secret).update(text).digest();

/** A user token; `secret` other than the server's makes a forged one. */
export function signToken(
  claims: { sub: string; exp: number; [claim: string]: unknown },
  secret = SECRET,
): string {
  const text = `${base64({ alg: "HS256", typ: "JWT", kid: "1" })}.${base64({ aud: "test", ...claims })}`;
  return `${text}.${signature(text, secret).toString("base64url")}`;
}

/** The part of the server that the SDK's tests need: one person's state behind a user token, and a batch that may carry one. */
export function createStateServer(clock: Clock) {
  const states = new Map<string, string>();
  const stored: (Message & { verified: boolean })[] = [];
  const requests: { method: string; url: string; token: string | undefined; status: number }[] = [];
  /** Answers with these first, one a request to `/v1/state`. */
  const faults: (Response | "refuse")[] = [];
  const extra: { facts: unknown; traits?: object; account?: object } = { facts: null };

  function judge(token: string | undefined): { sub: string } | "token_invalid" | "token_expired" {
    const [head = "", body = "", sign = ""] = (token ?? "").split(".");
    const wanted = signature(`${head}.${body}`, SECRET);
    const given = Buffer.from(sign, "base64url");
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) return "token_invalid";
    const claims = JSON.parse(Buffer.from(body, "base64url").toString()) as { sub: string; exp: number };
    return claims.exp * 1_000 <= clock.now() ? "token_expired" : claims;
  }
  const refuse = (code: string) => new Response(JSON.stringify({ error: { code } }), { status: 401 });
  function joined(old: string | undefined, text: string): string | undefined {
    const other = deserialise(text);
    if (!other) return undefined;
    const mine = deserialise(old ?? "") ?? createState({ device: "0", anonymousId: "0", now: clock.now() });
    const env = {
      now: clock.now(),
      timezone: "UTC",
      device: { width: 0, height: 0, touch: false },
    };
    return serialise(
      transition(compile({ schemaVersion: 1, flows: [] }), mine, { type: "merge", state: other }, env).state,
    );
  }
  function stateOf(token: string | undefined, init: RequestInit): Response {
    const fault = faults.shift();
    if (fault === "refuse") return refuse("token_invalid");
    if (fault) return fault;
    const claims = judge(token);
    if (typeof claims === "string") return refuse(claims);
    const old = states.get(claims.sub);
    if (init.method !== "PUT")
      return new Response(JSON.stringify({ state: old ?? null, ...extra }), { status: 200 });
    const { state } = JSON.parse(String(init.body)) as { state: string };
    const text = joined(old, state);
    if (text === undefined) return new Response("{}", { status: 422 });
    states.set(claims.sub, text);
    return new Response(JSON.stringify({ state: text }));
  }
  function batch(init: RequestInit): Response {
    const { batch, token } = JSON.parse(String(init.body)) as { batch: Message[]; token?: string };
    const claims = token === undefined ? undefined : judge(token);
    if (typeof claims === "string") return refuse(claims);
    for (const message of batch)
      if (!stored.some(({ messageId }) => messageId === message.messageId))
        stored.push({ ...message, verified: claims !== undefined && claims.sub === message.userId });
    return new Response(JSON.stringify({ accepted: batch.length, duplicate: 0, rejected: [] }));
  }

  return {
    states,
    stored,
    requests,
    faults,
    extra,
    /** Requests for the person's state, as `GET 200`. */
    asked: () =>
      requests
        .filter(({ url }) => url.includes("/v1/state"))
        .map(({ method, status }) => `${method} ${status}`),
    answer(url: string, init: RequestInit = {}): Response | undefined {
      const { method = "GET" } = init;
      const header = new Headers(init.headers).get("Authorization");
      const token = header?.replace(/^Bearer /, "");
      const answer = url.includes("/v1/state")
        ? stateOf(token, init)
        : url.includes("/v1/batch")
          ? batch(init)
          : undefined;
      requests.push({ method, url, token, status: answer?.status ?? 200 });
      return answer;
    },
  };
}
