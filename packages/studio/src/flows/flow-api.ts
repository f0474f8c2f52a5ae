import type { Feature, Flow, Segment, Settings } from "@cairn/flow-schema";
import type { Catalog } from "@cairn/server";
import type { Api } from "../api/client.ts";
import { type Answer, read, readTagged } from "../api/read.ts";

export type FlowSummary = Answer<Awaited<ReturnType<Api["v1"]["flows"]["$get"]>>>["flows"][number];
export interface FlowVersion {
  readonly version: number;
  readonly publishedAt: string;
  readonly note: string | null;
  readonly live: boolean;
  readonly flow: Flow;
}
/** A draft as it was read: what it says, and the tag that tells whether somebody wrote since. */
export interface Draft {
  readonly flow: Flow;
  readonly etag: string | undefined;
}

export async function listFlows(api: Api): Promise<readonly FlowSummary[]> {
  return (await read(api.v1.flows.$get())).flows;
}

export async function loadDraft(api: Api, id: string): Promise<Draft> {
  const { body, etag } = await readTagged(api.v1.flows[":id"].$get({ param: { id } }));
  return { flow: withoutServerFields(body as Flow), etag };
}

/**
 * Writes a draft. @param etag the tag it was read under: 412 where somebody wrote since; `undefined` writes
 * over whatever is there
 */
export async function saveDraft(
  api: Api,
  id: string,
  flow: unknown,
  etag: string | undefined,
): Promise<Draft> {
  const { body, etag: next } = await readTagged(
    api.v1.flows[":id"].$put({
      param: { id },
      header: etag === undefined ? {} : { "if-match": etag },
      // The server checks the whole definition; what an author typed is not a Flow before that.
      json: flow as Flow,
    }),
  );
  return { flow: withoutServerFields(body as Flow), etag: next };
}

export async function listVersions(api: Api, id: string): Promise<readonly FlowVersion[]> {
  const { versions } = await read(api.v1.flows[":id"].versions.$get({ param: { id } }));
  return (versions as readonly FlowVersion[]).toSorted((a, b) => b.version - a.version);
}

export async function publish(api: Api, id: string, note: string): Promise<number> {
  const json = note === "" ? {} : { note };
  return (await read(api.v1.flows[":id"].publish.$post({ param: { id }, json }))).version;
}

export async function rollback(api: Api, id: string, version: number): Promise<number> {
  return (await read(api.v1.flows[":id"].rollback.$post({ param: { id }, json: { version } }))).version;
}

/** What a flow may refer to, and the words that really arrived. */
export interface Surroundings {
  readonly catalog: Catalog;
  readonly flows: readonly FlowSummary[];
  readonly features: readonly Feature[];
  readonly segments: readonly Segment[];
  readonly settings: Settings;
}

export async function loadSurroundings(api: Api): Promise<Surroundings> {
  const [catalog, flows, features, segments, settings] = await Promise.all([
    read(api.v1.catalog.$get()),
    listFlows(api),
    read(api.v1.features.$get()),
    read(api.v1.segments.$get()),
    read(api.v1.settings.$get()),
  ]);
  return {
    catalog: catalog as Catalog,
    flows,
    features: features.features as readonly Feature[],
    segments: segments.segments as readonly Segment[],
    settings: settings as Settings,
  };
}

/** `version` and `publishedAt` are the server's: an author neither writes nor sees them in the editor. */
export function withoutServerFields(flow: Flow): Flow {
  const { version: _version, publishedAt: _publishedAt, ...rest } = flow;
  return rest as Flow;
}
