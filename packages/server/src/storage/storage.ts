import type { Feature, Flow, Segment, Settings } from "@cairn/flow-schema";

/** One separate world of definitions, people and events; a key belongs to exactly one. */
export type EnvironmentId = string;

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

/** Where a person (as one message named them) was seen, pooled by week. */
export interface ActivityRow {
  readonly userId: string | null;
  readonly anonymousId: string | null;
  readonly accountId: string | null;
  /** Monday 00:00 UTC of the week, epoch milliseconds. */
  readonly week: number;
  /** First and last message of any type in that week. */
  readonly first: number;
  readonly last: number;
  /** Whether one of them counts as activity. */
  readonly active: boolean;
}

/** Who was active in a range of time. */
export type ActiveRow = Pick<ActivityRow, "userId" | "anonymousId" | "accountId">;

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

export type DefinitionKind = "flow" | "feature" | "segment" | "settings";
export interface DefinitionBodies {
  readonly flow: Flow;
  readonly feature: Feature;
  readonly segment: Segment;
  readonly settings: Settings;
}
export interface StoredDefinition<Kind extends DefinitionKind = DefinitionKind> {
  readonly kind: Kind;
  /** `""` for the settings. */
  readonly id: string;
  /** Number of the environment's change that wrote it: the entity tag. */
  readonly revision: number;
  readonly updatedAt: number;
  readonly body: DefinitionBodies[Kind];
}
/** One immutable published version of a flow. */
export interface StoredVersion {
  readonly flow: string;
  readonly version: number;
  readonly publishedAt: number;
  readonly note: string | null;
  readonly body: Flow;
}
/** All definitions of an environment at one revision. */
export interface Definitions {
  /** Grows by one with every change. */
  readonly revision: number;
  readonly drafts: readonly StoredDefinition<"flow">[];
  readonly live: readonly StoredVersion[];
  readonly features: readonly StoredDefinition<"feature">[];
  readonly segments: readonly StoredDefinition<"segment">[];
  readonly settings: StoredDefinition<"settings"> | null;
}
export type DefinitionChange =
  | {
      readonly type: "put";
      readonly kind: DefinitionKind;
      readonly id: string;
      readonly body: DefinitionBodies[DefinitionKind];
    }
  | { readonly type: "delete"; readonly kind: DefinitionKind; readonly id: string }
  /** Writes the next version of the flow and makes it the live one. */
  | { readonly type: "publish"; readonly flow: string; readonly body: Flow; readonly note: string | null };

/** A key as it is kept: only its hash. */
export interface StoredKey {
  /** SHA-256 of the key, hex. */
  readonly hash: string;
  readonly kind: "public" | "secret";
  readonly environment: EnvironmentId;
  readonly createdAt: number;
}

/**
 * Everything the server keeps. The environment is the first argument of every question about its data, so that none
 * can be asked without it. One contract suite (`test/storage-contract.ts`) holds every implementation to this.
 */
export interface Storage {
  /** Stores each message id once per environment, in one commit; resolves when it would survive a crash. */
  append(environment: EnvironmentId, records: readonly ArrivingEvent[]): Promise<AppendResult>;
  /** In order of (at, messageId), in chunks. */
  events(environment: EnvironmentId, filter: EventFilter): AsyncIterable<readonly EventRecord[]>;
  /** Every (user, anonymous, account) combination by week; in no order. */
  activity(environment: EnvironmentId): Promise<readonly ActivityRow[]>;
  /** Every combination with a counting message in `[from, to)`; in no order. */
  activeBetween(environment: EnvironmentId, from: number, to: number): Promise<readonly ActiveRow[]>;
  /** One row per event name, by name. */
  eventCounts(environment: EnvironmentId): Promise<readonly EventCount[]>;
  /** What the stored events' sightings add up to, at most {@link CATALOG_LIMIT} names a list; in no order. */
  catalog(environment: EnvironmentId): Promise<readonly CatalogRow[]>;

  definitions(environment: EnvironmentId): Promise<Definitions>;
  /** All versions of a flow, newest first; also of a deleted one. */
  versions(environment: EnvironmentId, flow: string): Promise<readonly StoredVersion[]>;
  /**
   * Applies all changes in one commit, if the environment is still at this revision; `false` where it is not, and
   * nothing was done.
   */
  change(
    environment: EnvironmentId,
    expected: number,
    changes: readonly DefinitionChange[],
    now: number,
  ): Promise<boolean>;

  keys(): Promise<readonly StoredKey[]>;
  addKey(key: StoredKey): Promise<void>;

  /** Writes and commits something small; rejects where the store cannot write. */
  probe(now: number): Promise<void>;
  /** Waits for open commits, then lets go of files. No call may follow. */
  dispose(): Promise<void>;
}

const WEEK_MS = 604_800_000;
/** Monday 1970-01-05 00:00 UTC. */
const FIRST_MONDAY = 345_600_000;

/** Monday 00:00 UTC of the week that a moment lies in. */
export function weekStart(at: number): number {
  return Math.floor((at - FIRST_MONDAY) / WEEK_MS) * WEEK_MS + FIRST_MONDAY;
}
