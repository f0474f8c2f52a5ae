import type { Problem } from "@cairn/flow-schema";
import type { ClientResponse } from "hono/client";

/** The JSON that a route answers with when it succeeds; its other formats (CSV) are not read here. */
export type Answer<R> =
  R extends ClientResponse<infer Body, infer Status, string>
    ? Status extends 200 | 201
      ? Exclude<Body, string | Response>
      : never
    : never;

/** A request that did not succeed; status 0 where no answer came at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  /** What the validator found, for `invalid-definition`. */
  readonly problems: readonly Problem[];

  constructor(status: number, code: string, message: string, problems: readonly Problem[] = []) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.problems = problems;
  }
}

/** A body together with the entity tag it was read under. */
export interface Tagged<Body> {
  readonly body: Body;
  readonly etag: string | undefined;
}

/** Awaits a request of the typed client: its body, or an {@link ApiError}. */
export async function read<R extends ClientResponse<unknown, number, string>>(
  request: Promise<R>,
): Promise<Answer<R>> {
  return (await readTagged(request)).body;
}

/** Like {@link read}, with the `ETag` for a later `If-Match`. */
export async function readTagged<R extends ClientResponse<unknown, number, string>>(
  request: Promise<R>,
): Promise<Tagged<Answer<R>>> {
  const response = await request.catch(() => {
    throw new ApiError(0, "network", "no answer");
  });
  if (!response.ok) throw await toError(response);
  const body = response.status === 204 ? undefined : await response.json();
  return { body: body as Answer<R>, etag: response.headers.get("etag") ?? undefined };
}

async function toError(response: ClientResponse<unknown, number, string>): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => undefined);
  const error = fieldOf(body, "error");
  const code = fieldOf(error, "code");
  const message = fieldOf(error, "message");
  const problems = fieldOf(fieldOf(error, "details"), "problems");
  return new ApiError(
    response.status,
    typeof code === "string" ? code : "unexpected",
    typeof message === "string" ? message : "",
    Array.isArray(problems) ? (problems as readonly Problem[]) : [],
  );
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
