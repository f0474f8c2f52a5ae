import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  STATUS_CODES,
} from "node:http";
import type { Duplex } from "node:stream";

/** How long a request may take to arrive, in milliseconds. */
export interface Patience {
  readonly head: number;
  readonly whole: number;
  /** How long a client that was answered before it had said everything may go on speaking. @default 2,000 */
  readonly afterword?: number;
}

/** Node keeps the request that is being read with the parser of its connection. */
interface WithParser {
  readonly parser?: { readonly incoming?: IncomingMessage | null } | null;
}

/** How long a connection may stand still while an answer is written: whoever does not read is cut off. */
const STILL_MS = 120_000;

/**
 * A server that cuts off whoever is too slow, to write or to read, and answers what is not HTTP in the one error body.
 * `refused` is told why.
 */
export function createPatientServer(
  { head, whole, afterword = 2_000 }: Patience = { head: 15_000, whole: 30_000 },
  refused: (reason: string) => void,
  answer: RequestListener,
): Server {
  // Looked at often, so that who is too slow is told soon after.
  const server = createServer({ connectionsCheckingInterval: Math.min(1_000, head / 2) });
  // Longer than common proxies keep theirs, so that they never write to a closing connection.
  server.keepAliveTimeout = 65_000;
  server.headersTimeout = head;
  server.requestTimeout = whole;
  server.setTimeout(STILL_MS);
  const closing = new WeakSet<Duplex>();
  /**
   * Says the last words and listens on for a moment. A connection that is closed while its client still speaks is reset,
   * and then the client may never read what it was told.
   */
  const close = (socket: Duplex, words?: string) => {
    if (closing.has(socket)) return;
    closing.add(socket);
    socket.end(words);
    const timer = setTimeout(() => socket.destroy(), afterword);
    socket.once("close", () => clearTimeout(timer));
  };
  // Once for a connection: what it holds of a request would be kept until the next one, by thousands a second.
  server.on("connection", (socket) => {
    // What Node calls after the last answer on a connection.
    socket.destroySoon = () => {
      // Also called by what gives up a request that was answered half a second ago.
      if (closing.has(socket)) return;
      close(socket);
      const request = (socket as WithParser).parser?.incoming;
      if (!request || request.complete) return;
      // What is still said is of use to nobody, but has to be read until it ends.
      request.removeAllListeners("readable").removeAllListeners("data");
      request.on("data", () => {}).resume();
    };
  });
  server.on("request", answer);
  server.on("clientError", (error: NodeJS.ErrnoException, socket) => {
    // It goes on with what was refused before.
    if (closing.has(socket)) return;
    const { status, reason, message } = refusalOf(error.code);
    refused(reason);
    if (!socket.writable || error.code === "ECONNRESET") {
      socket.destroy();
      return;
    }
    const body = JSON.stringify({ error: { code: reason, message } });
    close(
      socket,
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
  });
  return server;
}

/** What the parser or the clock had against a request, before it had an address. */
function refusalOf(code: string | undefined) {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT")
    return { status: 408, reason: "too-slow", message: "The request took too long to arrive." };
  if (code === "HPE_HEADER_OVERFLOW")
    return { status: 431, reason: "head-too-large", message: "The head of the request is too large." };
  return { status: 400, reason: "malformed-request", message: "This is not HTTP as it should be." };
}
