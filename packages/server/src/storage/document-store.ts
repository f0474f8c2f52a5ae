import type { AuditEntry } from "./audit-store.ts";
import type { EnvironmentId } from "./environment-id.ts";

/** The environment of what belongs to the whole server: keys, people of the studio. No key opens it. */
export const SERVER_WIDE: EnvironmentId = "*";

/** What documents are there for; the ids of each are its own. */
export type Collection =
  | "key"
  | "signing-key"
  | "secret"
  | "state"
  | "preview"
  | "person"
  | "session"
  | "schedule"
  | "review";

/** Something small that is known by a name, read whole and written whole. */
export interface StoredDocument {
  readonly id: string;
  /** 1 where it was made, then one more with every write. */
  readonly revision: number;
  readonly updatedAt: number;
  readonly body: string;
}

export interface DocumentWrite {
  readonly collection: Collection;
  readonly id: string;
  /** The revision that was read; 0: there was none. */
  readonly expected: number;
  /** `null` deletes it. */
  readonly body: string | null;
  /** When it may be forgotten. Readers look at the time themselves; the store only clears away. @default never */
  readonly expiresAt?: number;
}

export interface DocumentStore {
  document(
    environment: EnvironmentId,
    collection: Collection,
    id: string,
  ): Promise<StoredDocument | undefined>;
  /** The whole collection, by id. Not for `state`, which has one for every person. */
  documents(environment: EnvironmentId, collection: Collection): Promise<readonly StoredDocument[]>;
  /**
   * Writes or deletes, together with its entries in the audit log, if it still is at the revision that was read;
   * `false` where it is not, and nothing was done.
   */
  writeDocument(
    environment: EnvironmentId,
    write: DocumentWrite,
    now: number,
    entries?: readonly AuditEntry[],
  ): Promise<boolean>;
  /** Clears away what has expired, in every environment: else it would stay until something like it is written. */
  dropExpired(now: number): Promise<void>;
}
