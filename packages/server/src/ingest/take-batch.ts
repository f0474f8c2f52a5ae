import type { BatchResult } from "@cairn/flow-schema";
import type { UserClaims } from "../access/user-tokens.ts";
import { httpError } from "../errors.ts";
import {
  BATCH_LIMIT,
  DEPTH_LIMIT,
  hasForeignCharset,
  parseScanned,
  tooDeep,
} from "../middleware/read-body.ts";
import type { Caller, ServerDeps } from "../server-env.ts";
import { storeUnavailable } from "../storage/store-unavailable.ts";
import { ingest } from "./ingest.ts";
import { type BatchScan, scanBatch } from "./scan-batch.ts";

export { BATCH_LIMIT };

/** Most messages in one batch. */
const BATCH_MESSAGES = 2_000;

/**
 * Takes a batch as it came; `caller` is given the `writeKey` of the body and throws where nobody is known by it.
 * `bytes`: what the text was decoded from, where that is at hand.
 */
export async function takeBatch(
  deps: Pick<ServerDeps, "storage" | "now" | "newId" | "tokens" | "watch" | "isFull">,
  text: string,
  caller: (writeKey: string | undefined) => Caller,
  bytes?: Uint8Array,
): Promise<BatchResult> {
  // What is refused must cost less than what is stored: else nothing is stored any more while more comes than can be.
  if (deps.isFull?.()) throw storeUnavailable("Too many events are waiting.");
  const { body, scan } = parseBody(text, bytes);
  const whose = caller(writeKeyIn(body));
  const { batch: messages } = body;
  if (!Array.isArray(messages)) throw httpError("bad-request", "`batch` must be a list of messages.");
  if (messages.length > BATCH_MESSAGES)
    throw httpError("too-large", `A batch holds at most ${BATCH_MESSAGES} messages.`);
  const claims = await claimsIn(deps, whose, body);
  const texts = textsOf(text, scan.spans, messages.length);
  // Not awaited here, where the whole body is still at hand.
  return ingest(deps, whose, { messages, ...scan, texts, claims, sentAt: body.sentAt });
}

/** What the `token` of a body vouches for; `undefined` where there is none, throws 401 where it is no good one. */
export async function claimsIn(
  { tokens }: Pick<ServerDeps, "tokens">,
  { environment }: Pick<Caller, "environment">,
  { token }: Record<string, unknown>,
): Promise<UserClaims | undefined> {
  if (token !== undefined && token !== null && typeof token !== "string")
    throw httpError("token_invalid", "`token` must be text.");
  return token ? await tokens.verify(environment, token) : undefined;
}

/** The object in a body, with what one look at its text said; throws 400 where it is none. */
export function parseBody(
  text: string,
  bytes?: Uint8Array,
): {
  readonly body: Record<string, unknown>;
  readonly scan: BatchScan;
} {
  const scan = scanBatch(text, DEPTH_LIMIT, bytes);
  if (scan.tooDeep) throw tooDeep();
  const value = parseScanned(text);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw httpError("bad-request", "The body must be a JSON object.");
  return { body: value as Record<string, unknown>, scan };
}

export function writeKeyIn({ writeKey }: Record<string, unknown>): string | undefined {
  return typeof writeKey === "string" ? writeKey : undefined;
}

/** Whether this is a body that we read: anything else would need a preflight anyway. */
export function isReadable(contentType: string | undefined): boolean {
  if (contentType === undefined) return true;
  return /^(?:application\/json|text\/plain)\s*(?:;|$)/i.test(contentType) && !hasForeignCharset(contentType);
}

/** The text of each message; `undefined` where it cannot be told from the scan. */
function textsOf(
  text: string,
  spans: readonly number[] | undefined,
  messages: number,
): readonly string[] | undefined {
  if (spans?.length !== 2 * messages) return undefined;
  const texts: string[] = [];
  for (let i = 0; i < spans.length; i += 2) texts.push(text.slice(spans[i], spans[i + 1]));
  return texts;
}
