import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { isStoreUnavailable } from "./storage/store-unavailable.ts";

/** Every code that an error body may carry. They are part of the API: a code is never renamed. */
export const ERROR_CODES = [
  "bad-request",
  "malformed-json",
  "unauthorized",
  "token_invalid",
  "token_expired",
  "forbidden",
  "not-found",
  "conflict",
  "needs-approval",
  "precondition-failed",
  "too-large",
  "unsupported-media-type",
  "invalid-definition",
  "rate-limited",
  "unavailable",
  "internal",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** The one shape of every error answer. */
export interface ErrorBody {
  readonly error: { readonly code: ErrorCode; readonly message: string; readonly details?: unknown };
}

interface ErrorCause {
  readonly code: ErrorCode;
  readonly details?: unknown;
  readonly retryAfter?: number | undefined;
  readonly close?: boolean;
}

const STATUS: { readonly [code in ErrorCode]: ContentfulStatusCode } = {
  "bad-request": 400,
  "malformed-json": 400,
  unauthorized: 401,
  token_invalid: 401,
  token_expired: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  "needs-approval": 409,
  "precondition-failed": 412,
  "too-large": 413,
  "unsupported-media-type": 415,
  "invalid-definition": 422,
  "rate-limited": 429,
  unavailable: 503,
  internal: 500,
};

/** To throw from a route: becomes an answer with this code, in the one error body. `retryAfter` in seconds; `close`: nothing more is read on this connection. */
export function httpError(
  code: ErrorCode,
  message: string,
  details?: unknown,
  retryAfter?: number,
  close = false,
): HTTPException {
  const cause: ErrorCause = { code, details, retryAfter, close };
  return new HTTPException(STATUS[code], { message, cause });
}

export interface ErrorAnswer {
  readonly status: ContentfulStatusCode;
  readonly body: ErrorBody;
  /** For `Retry-After`: seconds. */
  readonly retryAfter?: number;
  /** For `Connection: close`: what is still sent is not read. */
  readonly close?: boolean;
}

/** The answer to anything thrown. What is not ours to tell (a bug, a broken disk) says only that it happened. */
export function toErrorAnswer(thrown: unknown): ErrorAnswer {
  if (isStoreUnavailable(thrown))
    return {
      status: 503,
      retryAfter: 1,
      body: { error: { code: "unavailable", message: `${thrown.message} Try again.` } },
    };
  if (!(thrown instanceof HTTPException))
    return {
      status: 500,
      body: { error: { code: "internal", message: "Something went wrong on the server." } },
    };
  const cause = thrown.cause as ErrorCause | undefined;
  const code = cause !== undefined && cause.code in STATUS ? cause.code : codeOf(thrown);
  const message = thrown.message === "" ? code : thrown.message;
  const details = cause?.details;
  const retryAfter = cause?.retryAfter ?? (code === "unavailable" ? 1 : undefined);
  return {
    status: STATUS[code],
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...(cause?.close === true ? { close: true } : {}),
    body: { error: details === undefined ? { code, message } : { code, message, details } },
  };
}

/** Hono's own exceptions carry only a status and words. */
function codeOf(thrown: HTTPException): ErrorCode {
  if (thrown.status === 400 && thrown.message.startsWith("Malformed JSON")) return "malformed-json";
  for (const code of ERROR_CODES) if (STATUS[code] === thrown.status) return code;
  return thrown.status < 500 ? "bad-request" : "internal";
}
