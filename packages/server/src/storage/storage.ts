import type { AuditStore } from "./audit-store.ts";
import type { DefinitionStore } from "./definition-store.ts";
import type { DocumentStore } from "./document-store.ts";
import type { EventStore } from "./event-store.ts";
import type { KeyStore } from "./key-store.ts";
import type { PersonStore } from "./person-store.ts";
import type { ReportStore } from "./report-store.ts";
import type { UpkeepStore } from "./upkeep-store.ts";

export type * from "./audit-store.ts";
export type * from "./definition-store.ts";
export type * from "./document-store.ts";
export type { EnvironmentId } from "./environment-id.ts";
export type * from "./event-store.ts";
export type * from "./key-store.ts";
export type * from "./person-store.ts";
export type * from "./report-store.ts";
export type { Forgotten, UpkeepStore } from "./upkeep-store.ts";

/**
 * Everything the server keeps, one interface per concern. The environment is the first argument of every question
 * about its data, so that none can be asked without it. One contract suite (`test/storage-contract/`) holds every
 * implementation to this.
 */
export interface Storage
  extends EventStore,
    DefinitionStore,
    KeyStore,
    DocumentStore,
    AuditStore,
    PersonStore,
    UpkeepStore,
    ReportStore {
  /** Writes and commits something small; rejects where the store cannot write. */
  probe(now: number): Promise<void>;
  /** Waits for open commits, then lets go of files. No call may follow. */
  dispose(): Promise<void>;
}
