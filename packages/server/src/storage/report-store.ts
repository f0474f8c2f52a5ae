import type { DefinitionStore } from "./definition-store.ts";
import type { EnvironmentId } from "./environment-id.ts";
import type { EventStore } from "./event-store.ts";
import type { GuidanceWord } from "./guidance-mark.ts";

/**
 * What reports read of an environment's events: columns of numbers instead of messages, so that millions of them are
 * a loop and no parsing. A person's number stands for one combination of ids that some message named.
 */
export interface ReportStore {
  /** All of it as of one commit. */
  reportData(environment: EnvironmentId, asked: ReportQuestion): Promise<ReportData>;
}

/** Which columns a report needs; what is not asked for is not read. */
export interface ReportQuestion {
  /** Names of `track` events, every one of which is a use. */
  readonly events?: readonly string[];
  /** Features whose `cairn.feature.used` is needed. */
  readonly features?: readonly string[];
  /** Flows whose recorded events are needed. */
  readonly flows?: readonly string[];
  /** Events of which only some count: these need their messages, which the rollups do not hold. */
  readonly matching?: readonly EventMatch[];
}
export interface EventMatch {
  /** Names the test: two with one key must give the same answers. */
  readonly key: string;
  readonly event: string;
  /** `properties` of a message (`{}` where it has none), and its time in epoch milliseconds. */
  readonly test: (properties: Readonly<Record<string, unknown>>, at: number) => boolean;
}

export interface ReportData {
  readonly people: ReportPeople;
  /**
   * When people were active: of each person and quarter of an hour (UTC) at least the first and the last active
   * message. Whether somebody was active in a range that no single quarter of an hour contains can be told exactly.
   */
  readonly activity: Moments;
  /**
   * When messages that name an account showed their people without showing them active. Together with `activity` it has,
   * of each such person and quarter of an hour, at least the first and the last message of any type.
   */
  readonly seen: Moments;
  readonly events: ReadonlyMap<string, Moments>;
  readonly features: ReadonlyMap<string, Moments>;
  readonly flows: ReadonlyMap<string, GuidanceColumns>;
  /** By the key of the match. */
  readonly matching: ReadonlyMap<string, Moments>;
}

/** Times (epoch milliseconds) and whose they are; the first `count` of each list, in no order. */
export interface Moments {
  readonly count: number;
  readonly at: Float64Array;
  readonly person: Int32Array;
}

/** What the SDK recorded about one flow; the first `count` of each list, in no order. */
export interface GuidanceColumns extends Moments {
  /** Number of the message in its session and tab. */
  readonly seq: Float64Array;
  /** The run, as {@link GuidanceMark} has it; 0 for none. */
  readonly run: Float64Array;
  /** Index in `GUIDANCE`. */
  readonly code: Uint8Array;
  /** How often (holds), or which fallback. */
  readonly times: Int32Array;
  /** Index in `words`. */
  readonly word: Int32Array;
  readonly words: readonly GuidanceWord[];
}

/** One combination of ids; a person may have several. */
export interface PersonIds {
  readonly userId: string | null;
  readonly anonymousId: string | null;
  /** The account that the messages themselves name. */
  readonly accountId: string | null;
}

/** Everybody that any message names. The object is a new one whenever anything in it has changed. */
export interface ReportPeople {
  /** By number; a number that is not in use has none. */
  readonly ids: readonly (PersonIds | undefined)[];
  /** By number: their first and last message of any type, epoch milliseconds. */
  readonly first: Float64Array;
  readonly last: Float64Array;
  /** By number: what `identify` said. */
  readonly userTraits: ReadonlyMap<number, StampedTraits>;
  /** By account: what `group` said. */
  readonly accountTraits: ReadonlyMap<string, StampedTraits>;
}

/** Traits merged key by key, whatever order they came in, and how they came to be. */
export interface StampedTraits {
  /** Of each key the latest value by (at, messageId). */
  readonly latest: ReadonlyMap<string, StampedValue>;
  /** Every message that said any, in order of (at, messageId). */
  readonly said: readonly SaidTraits[];
}
export interface StampedValue {
  readonly value: unknown;
  readonly at: number;
  readonly messageId: string;
  /** When this key was first said, epoch milliseconds. */
  readonly since: number;
  /** Whether it has ever had another value. */
  readonly varied: boolean;
}
export interface SaidTraits {
  readonly at: number;
  readonly messageId: string;
  readonly traits: Readonly<Record<string, unknown>>;
}

/** All that reports read, on connections of their own, for a thread of their own. */
export interface ReportReader
  extends ReportStore,
    Pick<DefinitionStore, "definitions">,
    Pick<EventStore, "events"> {
  close(): Promise<void>;
}
