import type { Generated } from "kysely";

/** The schema as the migrations leave it. Times are epoch milliseconds, truths 0 and 1. */
export interface Tables {
  environments: { id: Generated<number>; name: string; revision: number };
  events: {
    id: Generated<number>;
    environment_id: number;
    message_id: string;
    type: string;
    name: string;
    at: number;
    received_at: number;
    verified: number;
    user_id: string | null;
    anonymous_id: string | null;
    account_id: string | null;
    active: number;
    body: string;
  };
  /** Rollup, kept in the ingest transaction; `""` stands for no id. */
  activity: {
    environment_id: number;
    week: number;
    user_id: string;
    anonymous_id: string;
    account_id: string;
    first_at: number;
    last_at: number;
    active: number;
  };
  definitions: {
    environment_id: number;
    kind: string;
    id: string;
    revision: number;
    updated_at: number;
    body: string;
  };
  flow_versions: {
    environment_id: number;
    flow: string;
    version: number;
    published_at: number;
    note: string | null;
    body: string;
  };
  live_flows: { environment_id: number; flow: string; version: number };
  api_keys: { hash: string; kind: string; environment: string; created_at: number };
  probe: { id: number; at: number };
}
