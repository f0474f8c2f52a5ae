import type { EnvironmentId } from "./environment-id.ts";

/** One change, as it is written down in the same commit as the change itself. */
export interface AuditEntry {
  /** Who: `key 3f2a9c1e (CI)`, `anna@example.com`, `schedule`. Never a secret. */
  readonly actor: string;
  /** What was done, from a closed list: see `AUDIT_ACTIONS`. */
  readonly action: string;
  /** To what: `flows/first-export`, `keys/3f2a9c1e`. */
  readonly subject: string;
  /** Revision or version before and after; `null` where there was or is none. */
  readonly before: number | null;
  readonly after: number | null;
  readonly note: string | null;
}

export interface StoredAuditEntry extends AuditEntry {
  /** Grows with every entry of the store. */
  readonly id: number;
  readonly at: number;
}

/** Which entries, newest first; every field narrows. */
export interface AuditFilter {
  /** Only entries with a smaller id: the next page. */
  readonly before?: number;
  readonly subject?: string;
  readonly limit: number;
}

/** What is never changed and never deleted: entries come in with what they tell of. */
export interface AuditStore {
  audit(environment: EnvironmentId, filter: AuditFilter): Promise<readonly StoredAuditEntry[]>;
}
