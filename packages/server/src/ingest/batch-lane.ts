import type { IncomingMessage, ServerResponse } from "node:http";
import { clientAddress, identifyCaller } from "../access/identify-caller.ts";
import { toErrorAnswer } from "../errors.ts";
import { headerKey } from "../middleware/authenticate.ts";
import { toText } from "../middleware/read-body.ts";
import type { ServerDeps } from "../server-env.ts";
import { traceOf } from "../trace-context.ts";
import { BATCH_LIMIT, isReadable, takeBatch } from "./take-batch.ts";

/** Answers a request, or says `false`: then the app has to. */
export type Lane = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * The straight way of `POST /v1/batch` from the socket: no other route is asked this often, and the layers of the app
 * cost as much as a tenth of it. Only plain bodies that say their size take it; it answers as the app does, and
 * a test holds it to that. A demo server has none, since who may use its keys is for the app to say.
 */
export function createBatchLane(deps: ServerDeps): Lane {
  const answer = async (request: IncomingMessage, body: Buffer, requestId: string) => {
    const key = headerKey(request.headers.authorization);
    const { origin, "x-forwarded-for": forwarded } = request.headers;
    const peer = request.socket?.remoteAddress;
    const address = clientAddress(peer, forwarded?.toString(), deps.trustedProxies ?? 0);
    const identify = (writeKey: string | undefined) =>
      identifyCaller(deps, { key: key ?? writeKey, origin, address });
    const taken = async () => await takeBatch(deps, toText(body), identify, body);
    return await taken().then(
      (result) => ({ status: 200, body: result, retryAfter: undefined, code: undefined }),
      (thrown: unknown) => {
        const refusal = toErrorAnswer(thrown);
        if (refusal.status >= 500) deps.report(thrown, requestId);
        return { retryAfter: undefined, code: refusal.body.error.code, ...refusal };
      },
    );
  };
  return (request, response) => {
    if (deps.demo || !isPlainBatch(request)) return false;
    const from = performance.now();
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const requestId = deps.newId();
      const trace = traceOf(request.headers.traceparent?.toString(), requestId);
      const whole = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
      void answer(request, whole, requestId).then(({ status, body, retryAfter, code }) => {
        const text = JSON.stringify(body);
        response.writeHead(status, {
          "X-Request-Id": requestId,
          "X-Content-Type-Options": "nosniff",
          ...(trace.response === undefined ? {} : { traceresponse: trace.response }),
          "Access-Control-Allow-Origin": "*",
          ...(retryAfter === undefined ? {} : { "Retry-After": retryAfter }),
          "Content-Type": "application/json",
          "Content-Length": Buffer.byteLength(text),
        });
        response.end(text);
        const ms = performance.now() - from;
        const { traceId } = trace;
        deps.watch?.request({ method: "POST", route: "/v1/batch", status, ms, requestId, traceId, code });
      });
    });
    return true;
  };
}

function isPlainBatch({ method, url, headers }: IncomingMessage): boolean {
  return (
    url === "/v1/batch" &&
    method === "POST" &&
    Number(headers["content-length"]) <= BATCH_LIMIT &&
    headers["content-encoding"] === undefined &&
    headers["transfer-encoding"] === undefined &&
    isReadable(headers["content-type"])
  );
}
