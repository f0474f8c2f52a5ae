import type { AuditEntry } from "./audit-store.ts";
import type { EnvironmentId } from "./environment-id.ts";
import type { EventRecord } from "./event-store.ts";
import type { PersonIds } from "./report-store.ts";

/**
 * Everything that is a person's: what was sent with their user id, and what was sent without one under an anonymous
 * id that was theirs first. Reports know them by the same rule.
 */
export interface StoredPerson {
  /** `null`: somebody who was never identified. */
  readonly userId: string | null;
  /** The anonymous ids that are theirs. */
  readonly anonymousIds: readonly string[];
  /** The combinations of ids that their messages name. */
  readonly ids: readonly PersonIds[];
}

export interface Erased {
  /** Messages that were taken away. */
  readonly events: number;
  /** Whether a state was kept of them. */
  readonly state: boolean;
}

/** What is stored of one person, to be handed out or taken away. */
export interface PersonStore {
  /**
   * Who is known by a user id, or by the anonymous id of somebody never identified; `undefined` where no message names
   * it. Where it is the anonymous id of a user, only their user id is told, with nothing else.
   */
  person(environment: EnvironmentId, id: string): Promise<StoredPerson | undefined>;
  /** Their messages, in order of (at, messageId), in chunks. */
  personEvents(environment: EnvironmentId, person: StoredPerson): AsyncIterable<readonly EventRecord[]>;
  /**
   * Takes away all that is stored of a person: messages, what was counted of them, examples in the catalog, the state
   * of `userId`. Who they are is gone in one commit together with the audit entries; their messages follow in small
   * ones, and are gone when this resolves. Where that is cut short, {@link UpkeepStore.forget} ends it.
   */
  erase(
    environment: EnvironmentId,
    person: StoredPerson,
    now: number,
    entries: readonly AuditEntry[],
  ): Promise<Erased>;
}
