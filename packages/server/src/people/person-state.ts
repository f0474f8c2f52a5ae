import { compile, createState, deserialise, type State, serialise, transition } from "@cairn/engine";
import { httpError } from "../errors.ts";
import { parseSafeJson } from "../middleware/read-body.ts";
import type { EnvironmentId, Storage } from "../storage/storage.ts";

/** Most bytes of one person's state. */
export const STATE_LIMIT = 524_288;
/** The server's replica of every person's state. The engine keeps what the server told under this name. */
const SERVER_DEVICE = "*";
/** How far a device's clock may be ahead of ours before its moments are cut back. */
const MAX_AHEAD_MS = 300_000;
const ATTEMPTS = 10;
/** Nothing is decided here: to join, no definitions are needed. */
const NOTHING = compile({ schemaVersion: 1, flows: [] });

interface Ports {
  readonly storage: Storage;
  readonly now: () => number;
}

/** What is known of a person's state, as {@link serialise} writes it; `null` where nothing is. */
export async function readPersonState(
  { storage }: Pick<Ports, "storage">,
  environment: EnvironmentId,
  userId: string,
): Promise<string | null> {
  return (await storage.document(environment, "state", userId))?.body ?? null;
}

/**
 * Joins what a device knows of a person into what is kept, and returns the whole. Only what devices share is kept:
 * no page, no traits. Throws 400 where the text is no state, or another person's.
 */
export async function joinPersonState(
  { storage, now }: Ports,
  environment: EnvironmentId,
  userId: string,
  text: string,
): Promise<string> {
  const arrived = readState(text);
  if (arrived === undefined) throw httpError("bad-request", "`state` is no state of this version.");
  if (arrived.person.userId !== undefined && arrived.person.userId !== userId)
    throw httpError("bad-request", "`state` is another person's.");
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const kept = await storage.document(environment, "state", userId);
    const joined = join(userId, kept?.body, arrived, now());
    if (kept?.body === joined) return joined;
    if (Buffer.byteLength(joined) > STATE_LIMIT)
      throw httpError("too-large", `The joined state is larger than ${STATE_LIMIT} bytes.`);
    const write = { collection: "state", id: userId, expected: kept?.revision ?? 0, body: joined } as const;
    if (await storage.writeDocument(environment, write, now())) return joined;
  }
  throw httpError("unavailable", "Too many devices at once. Try again.");
}

function readState(text: string): State | undefined {
  // Depth and prototype keys first: the text was inside a text, where nobody has looked yet.
  parseSafeJson(text);
  return deserialise(text);
}

function join(userId: string, kept: string | undefined, arrived: State, now: number): string {
  // The same clock every time: a state that says nothing new must give the same text.
  const fresh = () => createState({ device: SERVER_DEVICE, anonymousId: "", now: 0, userId });
  const whole = (kept === undefined ? undefined : deserialise(kept)) ?? fresh();
  const env = { now: 0, timezone: "UTC", device: { width: 0, height: 0, touch: false } };
  try {
    const shared = cutBack(arrived.shared, now + MAX_AHEAD_MS);
    transition(NOTHING, whole, { type: "merge", state: { ...arrived, shared } }, env);
  } catch (thrown) {
    throw httpError("bad-request", `\`state\` cannot be joined: ${(thrown as Error).message}`);
  }
  return serialise({ ...fresh(), shared: whole.shared });
}

/** Moments no later than `latest`. Snoozes lie in the future by right. */
function cutBack({ snoozes, ...shared }: State["shared"], latest: number): State["shared"] {
  const cut = (value: unknown): unknown => {
    if (typeof value === "number") return Math.min(value, latest);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map(cut);
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, cut(inner)]));
  };
  return { ...(cut(shared) as Omit<State["shared"], "snoozes">), snoozes };
}
