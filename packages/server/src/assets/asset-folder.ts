import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { Encoding } from "../middleware/content-encoding.ts";

export interface Asset {
  readonly type: string;
  readonly etag: string;
  /** Whether the name changes with the content, so that it may be kept for ever. */
  readonly immutable: boolean;
  readonly bytes: { readonly [encoding in Encoding]: Uint8Array<ArrayBuffer> };
}

/** A folder of built files; `undefined` for a path that is not in it. */
export type AssetFolder = (path: string) => Promise<Asset | undefined>;

const TYPES: { readonly [extension: string]: string } = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
};
const COMPRESSIBLE = /^(?:text\/|application\/json|image\/svg)/;
/** The SDK's files have six hexadecimal digits of theirs in the name, other builds eight characters. */
const HASHED = /[-.](?:[a-f\d]{6}|[\w-]{8,})\.(?:js|css|woff2|svg|png)(?:\.map)?$/;

const toBrotli = promisify(brotliCompress);
const toGzip = promisify(gzip);

/** Keeps what was asked for in memory, compressed; a file that a new build has changed is read again. */
export function createAssetFolder(directory: string): AssetFolder {
  const known = new Map<string, { readonly stamp: string; readonly asset: Promise<Asset> }>();
  return async (path) => {
    const relative = normalize(path);
    if (
      relative.startsWith("..") ||
      relative.includes("\0") ||
      relative.split(sep).some((part) => part.startsWith("."))
    )
      return undefined;
    const file = join(directory, relative);
    const info = await stat(file).catch(() => undefined);
    if (info === undefined || !info.isFile()) return undefined;
    const stamp = `${info.mtimeMs}/${info.size}`;
    const found = known.get(relative);
    if (found?.stamp === stamp) return await found.asset;
    const asset = load(file);
    known.set(relative, { stamp, asset });
    return await asset;
  };
}

async function load(file: string): Promise<Asset> {
  const identity = new Uint8Array(await readFile(file));
  const type = TYPES[extname(file)] ?? "application/octet-stream";
  const head = {
    type,
    etag: `W/"${createHash("sha256").update(identity).digest("base64url").slice(0, 22)}"`,
    immutable: HASHED.test(file),
  };
  if (!COMPRESSIBLE.test(type)) return { ...head, bytes: { identity, br: identity, gzip: identity } };
  const [br, gz] = await Promise.all([
    toBrotli(identity, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }),
    toGzip(identity, { level: 9 }),
  ]);
  return { ...head, bytes: { identity, br: new Uint8Array(br), gzip: new Uint8Array(gz) } };
}
