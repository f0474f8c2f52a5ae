import type { AuditEntry } from "./audit-store.ts";
import type { EnvironmentId } from "./environment-id.ts";
import type { EventRecord } from "./event-store.ts";
import type { PersonIds } from "./report-store.ts";

/** What was sent by whom, to be handed out or taken away together. */
export interface StoredShare {
  /** The combinations of ids that its messages name. */
  readonly ids: readonly PersonIds[];
  /** The user ids whose state goes with it. */
  readonly states: readonly string[];
}

/**
 * Everything that is a person's: what was sent with their user id, and what was sent without one under an anonymous
 * id that was theirs first. Reports know them by the same rule.
 */
export interface StoredPerson extends StoredShare {
  /** `null`: somebody who was never identified. */
  readonly userId: string | null;
  /** The anonymous ids that are theirs. */
  readonly anonymousIds: readonly string[];
}

/**
 * Everything that was sent in an account's name, by whomever. Its `states` are those of users whom no message names
 * without it.
 */
export interface StoredAccount extends StoredShare {
  /** All users that it was named together with. */
  readonly userIds: readonly string[];
}

export interface Erased {
  /** Messages that were taken away. */
  readonly events: number;
  /** How many states were. */
  readonly states: number;
}

/** What is stored of one person, or of one account. */
export interface PersonStore {
  /**
   * Who is known by a user id, or by the anonymous id of somebody never identified; `undefined` where no message names
   * it. Where it is the anonymous id of a user, only their user id is told, with nothing else.
   */
  person(environment: EnvironmentId, id: string): Promise<StoredPerson | undefined>;
  /** What was sent in the name of an account; `undefined` where no message names it. */
  account(environment: EnvironmentId, id: string): Promise<StoredAccount | undefined>;
  /** The messages of a share, in order of (at, messageId), in chunks. */
  shareEvents(environment: EnvironmentId, share: StoredShare): AsyncIterable<readonly EventRecord[]>;
  /**
   * Takes a share away: messages, what was counted of them, examples in the catalog, states. Who they were is gone in
   * one commit together with the audit entries; their messages follow in small ones, and are gone when this resolves.
   * Where that is cut short, {@link UpkeepStore.forget} ends it.
   */
  erase(
    environment: EnvironmentId,
    share: StoredShare,
    now: number,
    entries: readonly AuditEntry[],
  ): Promise<Erased>;
}
