import type { IncomingMessage, ServerResponse } from "node:http";
import type { BatchResult } from "@cairn/flow-schema";
import { clientAddress, identifyCaller } from "../access/identify-caller.ts";
import { type ErrorCode, toErrorAnswer } from "../errors.ts";
import { headerKey } from "../middleware/authenticate.ts";
import { toText } from "../middleware/read-body.ts";
import type { ServerDeps } from "../server-env.ts";
import { traceOf } from "../trace-context.ts";
import { admit } from "./admit.ts";
import { BATCH_LIMIT, isReadable, takeBatch } from "./take-batch.ts";

/** Answers a request, or says `false`: then the app has to. */
export type Lane = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * The straight way of `POST /v1/batch` from the socket: no other route is asked this often, and the layers of the app
 * cost as much as a tenth of it. Only plain bodies that say their size take it; it answers as the app does, and
 * a test holds it to that. A demo server has none, since who may use its keys is for the app to say.
 */
export function createBatchLane(deps: ServerDeps): Lane {
  const admitted = ({ headers, socket }: IncomingMessage) => {
    const { origin, authorization, "x-forwarded-for": forwarded } = headers;
    const address = clientAddress(socket?.remoteAddress, forwarded?.toString(), deps.trustedProxies ?? 0);
    const identify = (key: string | undefined, counted: boolean) =>
      identifyCaller(deps, { key, origin, address, counted });
    return admit(deps, { key: headerKey(authorization), address, identify });
  };
  return (request, response) => {
    if (deps.demo || !isPlainBatch(request)) return false;
    const from = performance.now();
    const requestId = deps.newId();
    const trace = traceOf(request.headers.traceparent?.toString(), requestId);
    const hold = deps.bodies?.open();
    let answered = false;
    const answer = (status: number, body: unknown, { retryAfter, close, code }: Aside = {}) => {
      const text = JSON.stringify(body);
      response.writeHead(status, {
        "X-Request-Id": requestId,
        "X-Content-Type-Options": "nosniff",
        ...(trace.response === undefined ? {} : { traceresponse: trace.response }),
        "Access-Control-Allow-Origin": "*",
        ...(retryAfter === undefined ? {} : { "Retry-After": retryAfter }),
        ...(close ? { Connection: "close" } : {}),
        "Content-Type": "application/json",
        "Content-Length": Buffer.byteLength(text),
      });
      response.end(text);
      const ms = performance.now() - from;
      const { traceId } = trace;
      deps.watch?.request({ method: "POST", route: "/v1/batch", status, ms, requestId, traceId, code });
    };
    const refuse = (thrown: unknown) => {
      // Once: what else is sent is neither kept nor answered.
      answered = true;
      hold?.close();
      const { status, body, ...aside } = toErrorAnswer(thrown);
      if (status >= 500) deps.report(thrown, requestId);
      answer(status, body, { ...aside, code: body.error.code });
    };
    let caller: ReturnType<typeof admit>;
    try {
      caller = admitted(request);
    } catch (thrown) {
      refuse(thrown);
      return true;
    }
    let chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => {
      if (answered) return;
      try {
        hold?.take(chunk.length);
        chunks.push(chunk);
      } catch (thrown) {
        chunks = [];
        refuse(thrown);
      }
    });
    request.on("end", () => {
      if (answered) return;
      const sent = chunks;
      chunks = [];
      // From here on it is messages, which are counted where they wait.
      takeChunks(deps, sent, caller).then((result) => answer(200, result), refuse);
      hold?.close();
    });
    // Also where the client has gone.
    request.on("close", () => hold?.close());
    return true;
  };
}

async function takeChunks(
  deps: ServerDeps,
  chunks: readonly Buffer[],
  caller: ReturnType<typeof admit>,
): Promise<BatchResult> {
  const whole = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
  return takeBatch(deps, toText(whole), caller, whole);
}

/** What an answer says beside its body. */
interface Aside {
  readonly retryAfter?: number;
  readonly close?: boolean;
  readonly code?: ErrorCode;
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
