import type { Json } from "@cairn/flow-schema";
import type { EnvironmentId, EventRecord, Storage } from "../storage/storage.ts";
import type { Catalog } from "./report-schemas.ts";

const DEPTH_LIMIT = 6;
/** Most different names in one list: a product that puts ids into names fills it, and the rest is left out. */
const LIST_LIMIT = 2_000;

interface Seen {
  count: number;
  lastAt: number;
  example?: unknown;
}

/**
 * What really arrived: names of events, attributes of users and accounts (as dotted paths), anchors and pages, with
 * how often, when last, and an example. Authors complete from it; lint warns of what was never seen.
 */
export async function catalog(storage: Storage, environment: EnvironmentId): Promise<Catalog> {
  const events = await storage.eventCounts(environment);
  const attributes = { user: new Map<string, Seen>(), account: new Map<string, Seen>() };
  const anchors = new Map<string, Seen>();
  const pages = new Map<string, Seen>();
  const names = ["$identify", "$group", "$page", "cairn.feature.used"];
  for await (const chunk of storage.events(environment, { names })) {
    for (const record of chunk) {
      const message = JSON.parse(record.body) as Message;
      if (record.type === "identify") addPaths(attributes.user, message.traits, record.at);
      else if (record.type === "group") addPaths(attributes.account, message.traits, record.at);
      else if (record.type === "page") addPage(pages, message, record);
      for (const anchor of anchorsOf(message)) add(anchors, anchor, record.at);
    }
  }
  return {
    events: events
      .filter(({ name }) => !name.startsWith("$"))
      .map(({ name, count, lastAt, example }) => ({
        name,
        count,
        lastSeen: iso(lastAt),
        example: exampleOf(example),
      })),
    attributes: { user: toList(attributes.user), account: toList(attributes.account) },
    anchors: toNamed(anchors).map(([name, seen]) => ({ name, ...seen })),
    pages: toNamed(pages).map(([path, seen]) => ({ path, ...seen })),
  };
}

interface Message {
  readonly traits?: unknown;
  readonly properties?: { readonly [name: string]: unknown } | null;
  readonly context?: {
    readonly page?: { readonly path?: unknown } | null;
    readonly cairn?: { readonly anchors?: unknown } | null;
  } | null;
}

function addPage(pages: Map<string, Seen>, { properties, context }: Message, { at }: EventRecord): void {
  const path = properties?.path ?? context?.page?.path;
  if (typeof path === "string" && path !== "") add(pages, path, at);
}

/** Where a feature was used, and what the SDK says it saw on the page. */
function anchorsOf({ properties, context }: Message): readonly string[] {
  const target = properties?.target;
  const used =
    typeof target === "string" && !target.startsWith("[")
      ? [target]
      : typeof target === "object" && target !== null
        ? [(target as { anchor?: unknown }).anchor]
        : [];
  const seen = context?.cairn?.anchors;
  return [...used, ...(Array.isArray(seen) ? seen : [])].filter(
    (name) => typeof name === "string" && name !== "",
  );
}

function addPaths(into: Map<string, Seen>, value: unknown, at: number, path = "", depth = 0): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    if (depth >= DEPTH_LIMIT) return;
    for (const [key, inner] of Object.entries(value))
      addPaths(into, inner, at, path === "" ? key : `${path}.${key}`, depth + 1);
  } else if (path !== "" && value !== undefined) add(into, path, at, value);
}

/** Events come in order of time, so the last one seen is the latest. */
function add(into: Map<string, Seen>, name: string, at: number, example?: unknown): void {
  const seen = into.get(name);
  if (seen !== undefined) {
    seen.count += 1;
    seen.lastAt = at;
    if (example !== null) seen.example = example;
  } else if (into.size < LIST_LIMIT) into.set(name, { count: 1, lastAt: at, example });
}

function toNamed(map: Map<string, Seen>) {
  return [...map]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { count, lastAt }]) => [name, { count, lastSeen: iso(lastAt) }] as const);
}

function toList(map: Map<string, Seen>): Catalog["attributes"]["user"] {
  return [...map]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, { count, lastAt, example }]) => ({
      path,
      count,
      lastSeen: iso(lastAt),
      example: (example ?? null) as Json,
    }));
}

/** An event's properties are what authors write conditions about. */
function exampleOf(body: string): Json {
  const { properties } = JSON.parse(body) as { properties?: Json };
  return properties ?? {};
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
