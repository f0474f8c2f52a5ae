import type { EnvironmentId } from "./environment-id.ts";
import type { ReportMark } from "./guidance-mark.ts";

/** One event, ready to store: what is asked for by column, and the message itself as JSON text. */
export interface EventRecord {
  readonly messageId: string;
  readonly type: "track" | "identify" | "group" | "page";
  /** The event's name for `track`, else `$identify`, `$group`, `$page`. */
  readonly name: string;
  /** When it happened, epoch milliseconds. */
  readonly at: number;
  readonly receivedAt: number;
  /** Whether a server (secret key) vouched for it. */
  readonly verified: boolean;
  readonly userId: string | null;
  readonly anonymousId: string | null;
  /** The account that the message itself names: `groupId`, else `context.groupId`. */
  readonly accountId: string | null;
  /** Whether it shows that the person was active: a page view, a host event, a feature's use. */
  readonly active: boolean;
  /** The message as JSON text. */
  readonly body: string;
}

/** Where a name in the catalog comes from: traits of users and accounts, anchors, pages. */
export type CatalogList = "user" | "account" | "anchor" | "page";

/** One name that a message teaches the catalog. */
export interface Sighting {
  readonly list: CatalogList;
  readonly name: string;
  /** As JSON text; nothing where there is no value, or `null`. */
  readonly example?: string;
}

export interface ArrivingEvent extends EventRecord {
  /** Counted in the catalog if the event is stored; not kept with it. @default none */
  readonly sightings?: readonly Sighting[];
  /** What reports ask of it, where it is one that Cairn records. @default read from the body */
  readonly mark?: ReportMark;
}

export interface AppendResult {
  readonly accepted: number;
  readonly duplicate: number;
}

/** Which events; every field narrows. */
export interface EventFilter {
  readonly names?: readonly string[];
  /** User id or anonymous id, exactly as sent. */
  readonly people?: readonly string[];
  readonly account?: string;
  /** Epoch milliseconds, inclusive. */
  readonly from?: number;
  /** Epoch milliseconds, exclusive. */
  readonly to?: number;
}

export interface EventCount {
  readonly name: string;
  readonly count: number;
  readonly lastAt: number;
  /** The latest message of that name, as JSON text. */
  readonly example: string;
}

/** Most different names in one list of the catalog: a product that puts ids into names fills it, the rest is left out. */
export const CATALOG_LIMIT = 2_000;

export interface CatalogRow {
  readonly list: CatalogList;
  readonly name: string;
  readonly count: number;
  readonly lastAt: number;
  /** Of the latest event that had one, by (at, messageId); JSON text. */
  readonly example: string | null;
}

export interface EventStore {
  /** Stores each message id once per environment, in one commit; resolves when it would survive a crash. */
  append(environment: EnvironmentId, records: readonly ArrivingEvent[]): Promise<AppendResult>;
  /** In order of (at, messageId), in chunks. */
  events(environment: EnvironmentId, filter: EventFilter): AsyncIterable<readonly EventRecord[]>;
  /** One row per event name, by name. */
  eventCounts(environment: EnvironmentId): Promise<readonly EventCount[]>;
  /** What the stored events' sightings add up to, at most {@link CATALOG_LIMIT} names a list; in no order. */
  catalog(environment: EnvironmentId): Promise<readonly CatalogRow[]>;
}
