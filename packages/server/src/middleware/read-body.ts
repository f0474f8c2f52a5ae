import { isUtf8 } from "node:buffer";
import { createGunzip } from "node:zlib";
import type { HonoRequest, MiddlewareHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { httpError } from "../errors.ts";
import type { BodyBudget, BodyHold } from "../ingest/body-budget.ts";
import { scanBatch } from "../ingest/scan-batch.ts";
import type { ServerEnv } from "../server-env.ts";
import { isTooWide, WIDTH_LIMIT } from "./is-too-wide.ts";

/** Most bytes in one batch of events. */
export const BATCH_LIMIT = 1_048_576;
/** Most bytes in one definition. */
export const DEFINITION_LIMIT = 262_144;
/** Deepest nesting of a JSON body. JSON.parse itself would take 200,000. */
export const DEPTH_LIMIT = 40;

/** Where nobody counts: in tests of other things. */
const UNCOUNTED: BodyHold = { take: () => {}, close: () => {} };

/**
 * The body as text, unpacked where it is gzip; throws 413 as soon as it is over the limit, without reading on, 400
 * where it did not arrive whole or is not UTF-8, 415 where it says that it is written in anything else, and 503 where
 * all bodies together are more than the budget.
 */
export async function readText(
  request: HonoRequest,
  limit: number,
  budget: BodyBudget | undefined,
): Promise<string> {
  if (hasForeignCharset(request.header("content-type")))
    throw httpError("unsupported-media-type", "Send the body as UTF-8.");
  const hold = budget?.open() ?? UNCOUNTED;
  try {
    return toText(await readWhole(request, limit, hold));
  } catch (thrown) {
    if (thrown instanceof HTTPException) throw thrown;
    // The client has gone: nobody reads this, and it is no failure of ours.
    throw httpError("bad-request", "The body did not arrive whole.");
  } finally {
    hold.close();
  }
}

/** Whether a content type names a charset that is not UTF-8. */
export function hasForeignCharset(contentType: string | undefined): boolean {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(contentType ?? "")?.[1];
  return charset !== undefined && !/^utf-?8$/i.test(charset);
}

/**
 * What the bytes say, without a byte order mark; throws 400 where they are not UTF-8. To mend them would make one id out of
 * several: every byte that is none becomes the same character.
 */
export function toText(bytes: Buffer): string {
  if (!isUtf8(bytes)) throw httpError("malformed-json", "The body is not UTF-8.");
  const text = bytes.toString("utf8");
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

async function readWhole(request: HonoRequest, limit: number, hold: BodyHold): Promise<Buffer> {
  const encoding = request.header("content-encoding");
  if (Number(request.header("content-length") ?? 0) > limit) throw tooLarge(limit);
  if (encoding === undefined || encoding === "identity")
    return await readBytes(request.raw.body, limit, hold);
  if (encoding !== "gzip") throw httpError("unsupported-media-type", "Send the body plain or as gzip.");
  const unpacked = createGunzip();
  unpacked.end(await readBytes(request.raw.body, limit, hold));
  try {
    // A bomb is unpacked no further than the limit.
    return await readBytes(unpacked, limit, hold);
  } catch (thrown) {
    if (thrown instanceof HTTPException) throw thrown;
    throw httpError("bad-request", "The body is not gzip, though it says so.");
  }
}

async function readBytes(
  body: AsyncIterable<Uint8Array> | null,
  limit: number,
  hold: BodyHold,
): Promise<Buffer> {
  if (body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(limit);
    hold.take(chunk.byteLength);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Reads the body before anything else does, so that the limit holds for whoever parses it later; throws 400 where one list
 * or object in it has more entries than anything of ours.
 */
export function limitBody(limit: number, budget: BodyBudget | undefined): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    if (c.req.raw.body !== null) {
      const text = await readText(c.req, limit, budget);
      if (isTooWide(text))
        throw httpError("bad-request", `More than ${WIDTH_LIMIT} values in one list or object.`);
      // Hono keeps promises here, though its type says otherwise.
      c.req.bodyCache.text = Promise.resolve(text) as unknown as string;
    }
    await next();
  };
}

function tooLarge(limit: number): Error {
  return httpError("too-large", `The body is larger than ${limit} bytes.`);
}

export function tooDeep(): Error {
  return httpError("bad-request", `Nested deeper than ${DEPTH_LIMIT} levels.`);
}

/** Parses JSON whose depth was looked at; throws 400 where it is not JSON. */
export function parseScanned(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw httpError(
      "malformed-json",
      `The body is not JSON: ${thrown instanceof Error ? thrown.message : ""}`,
    );
  }
}

/**
 * Parses JSON that nobody vouches for; throws 400 where it is not JSON, nested too deep to be ours, or has keys that
 * reach into prototypes, wherever they stand.
 */
export function parseSafeJson(text: string): unknown {
  const { tooDeep: deep, suspicious } = scanBatch(text, DEPTH_LIMIT);
  if (deep) throw tooDeep();
  const value = parseScanned(text);
  if (suspicious) {
    const key = prototypeKey(value);
    if (key !== undefined) throw httpError("bad-request", `The key "${key}" is not allowed.`);
  }
  return value;
}

/** The first key in the tree that reaches into prototypes. */
export function prototypeKey(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  for (const key of Object.keys(value)) {
    if (key === "__proto__" || key === "constructor" || key === "prototype") return key;
    const inner = prototypeKey((value as Record<string, unknown>)[key]);
    if (inner !== undefined) return inner;
  }
  return undefined;
}
