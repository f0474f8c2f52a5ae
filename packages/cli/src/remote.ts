import type { Problem } from "@cairn/flow-schema";
import type { AppType } from "@cairn/server";
import { type ClientResponse, hc } from "hono/client";
import { failure } from "./failure.ts";

/** Which server, and with which key; the environment is the key's. */
export interface RemoteOptions {
  /** @default $CAIRN_HOST, else http://localhost:8787 */
  readonly host?: string;
  /** A secret key. @default $CAIRN_SECRET_KEY */
  readonly key?: string;
}

/** The routes of a server, typed by the server itself. */
export type Remote = ReturnType<typeof hc<AppType>>["v1"];

export function connect({ host, key }: RemoteOptions, env: NodeJS.ProcessEnv = process.env): Remote {
  const url = host ?? env.CAIRN_HOST ?? "http://localhost:8787";
  const secret = key ?? env.CAIRN_SECRET_KEY;
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw failure(`--host: "${url}" is not an address, http://… or https://…`);
  if (!secret) throw failure("A secret key is needed: set CAIRN_SECRET_KEY, or give --key.");
  return hc<AppType>(url, { headers: { Authorization: `Bearer ${secret}` } }).v1;
}

/** The JSON that a route answers with when it succeeds. */
type Answer<R> =
  R extends ClientResponse<infer Body, infer Status, string>
    ? Status extends 200 | 201
      ? Exclude<Body, string>
      : never
    : never;

/** What a server said no to, in its words. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: {
    readonly problems?: readonly Problem[];
    readonly usedBy?: readonly string[];
    readonly name?: string;
  };
}

interface Asked<R> {
  readonly body: Answer<R>;
  readonly etag: string | undefined;
  readonly refusal?: never;
}

/** Awaits an answer, or a refusal; throws where there is no answer at all. */
export async function ask<R extends ClientResponse<unknown, number, string>>(
  request: Promise<R>,
): Promise<Asked<R> | { readonly refusal: Refusal }> {
  const response = await request.catch((thrown: Error & { cause?: { code?: string } }) => {
    throw failure(`The server does not answer: ${thrown.cause?.code ?? thrown.message}`);
  });
  const text = response.status === 204 ? "" : await response.text();
  let body: unknown;
  try {
    body = text === "" ? undefined : JSON.parse(text);
  } catch {
    throw failure(`This is no Cairn server: it answered ${response.status} with something that is not JSON.`);
  }
  if (response.ok) return { body: body as Answer<R>, etag: response.headers.get("etag") ?? undefined };
  const { error } = (body ?? {}) as { readonly error?: Omit<Refusal, "status"> };
  return {
    refusal: { status: response.status, code: "unknown", message: `answered ${response.status}`, ...error },
  };
}

/** Awaits an answer; a refusal ends the command with what the server said. */
export async function answer<R extends ClientResponse<unknown, number, string>>(
  request: Promise<R>,
): Promise<Answer<R>> {
  const asked = await ask(request);
  if (asked.refusal) throw refused(asked.refusal);
  return asked.body;
}

/** A refusal in words: what, and what is wrong where. */
export function refused({ message, details }: Refusal, about = "The server"): Error {
  const problems = (details?.problems ?? []).map(
    (one) => `  ${one.file}${one.path === "" ? "" : ` ${one.path}`}: ${one.message}; ${one.fix}`,
  );
  const used = (details?.usedBy ?? []).map((one) => `  used by ${one}`);
  return failure(`${about}: ${message}`, ...problems, ...used);
}
