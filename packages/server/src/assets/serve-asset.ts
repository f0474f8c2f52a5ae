import { chooseEncoding } from "../middleware/content-encoding.ts";
import { matchesTag } from "../middleware/entity-tag.ts";
import type { Asset } from "./asset-folder.ts";

/** One built file as an answer: compressed where the client takes it, 304 where the client has it. */
export function serveAsset(
  request: Request,
  asset: Asset,
  headers: { readonly [name: string]: string },
): Response {
  const answer = new Headers({
    ETag: asset.etag,
    Vary: "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
  });
  for (const [name, value] of Object.entries(headers)) answer.set(name, value);
  if (matchesTag(request.headers.get("if-none-match"), asset.etag))
    return new Response(null, { status: 304, headers: answer });
  const encoding = chooseEncoding(request.headers.get("accept-encoding") ?? undefined);
  const bytes = asset.bytes[encoding];
  if (encoding !== "identity" && bytes !== asset.bytes.identity) answer.set("Content-Encoding", encoding);
  answer.set("Content-Type", asset.type);
  answer.set("Content-Length", String(bytes.byteLength));
  return new Response(request.method === "HEAD" ? null : bytes, { headers: answer });
}
