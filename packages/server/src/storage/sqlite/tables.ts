import type { Generated } from "kysely";

/** The schema as the migrations leave it. Times are epoch milliseconds, truths 0 and 1. */
export interface Tables {
  environments: { id: Generated<number>; name: string; revision: number };
  /** Who an event is about, written once; `""` stands for no id. */
  people: {
    id: Generated<number>;
    environment_id: number;
    user_id: string;
    anonymous_id: string;
    account_id: string;
  };
  /** What an event is, written once, and how many of it there are: a rollup kept in the ingest transaction. */
  kinds: {
    id: Generated<number>;
    environment_id: number;
    name: string;
    type: string;
    active: number;
    verified: number;
    count: number;
    last_at: number;
  };
  events: {
    id: Generated<number>;
    environment_id: number;
    message_id: string;
    kind_id: number;
    person_id: number;
    at: number;
    received_at: number;
    body: string;
  };
  /** What `identify` and `group` said, as JSON; kept in the ingest transaction. */
  traits: {
    event_id: number;
    kind_id: number;
    person_id: number;
    at: number;
    message_id: string;
    traits: string;
  };
  /** Rollup, kept in the ingest transaction: packed numbers, see report-log.ts. */
  report_log: { id: Generated<number>; list: number; key: number; data: Uint8Array };
  /** What the log has not got yet, a row a commit; see report-recent.ts. */
  report_recent: { id: Generated<number>; data: Uint8Array };
  report_subjects: { id: Generated<number>; list: number; environment_id: number; name: string };
  report_words: { id: Generated<number>; environment_id: number; text: string };
  report_epoch: { id: number; epoch: number };
  /** Rollup, kept in the ingest transaction. */
  catalog: {
    environment_id: number;
    list: string;
    name: string;
    count: number;
    last_at: number;
    example: string | null;
    example_at: number;
    example_id: string;
  };
  /** People who were erased, of whom there may be something left. */
  erased: { person_id: number; environment_id: number };
  definitions: {
    environment_id: number;
    kind: string;
    id: string;
    revision: number;
    updated_at: number;
    archived_at: number | null;
    body: string;
  };
  flow_versions: {
    environment_id: number;
    flow: string;
    version: number;
    published_at: number;
    note: string | null;
    author: string | null;
    body: string;
  };
  live_flows: { environment_id: number; flow: string; version: number };
  api_keys: { hash: string; kind: string; environment: string; created_at: number };
  probe: { id: number; at: number };
  /** Small things known by a name; see document-store.ts. */
  documents: {
    environment_id: number;
    collection: string;
    id: string;
    revision: number;
    updated_at: number;
    expires_at: number | null;
    body: string;
  };
  audit: {
    id: Generated<number>;
    environment_id: number;
    at: number;
    actor: string;
    action: string;
    subject: string;
    before: number | null;
    after: number | null;
    note: string | null;
  };
}
