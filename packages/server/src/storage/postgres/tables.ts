import type { Generated } from "kysely";

/** What Kysely asks for, as the migrations leave it. Times are epoch milliseconds; events are read by SQL of their own. */
export interface Tables {
  environments: { id: Generated<number>; name: string; revision: number };
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
