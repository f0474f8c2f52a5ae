import type { Feature, Flow, Segment, Settings } from "@cairn/flow-schema";
import type { Catalog } from "@cairn/server";
import type { Api } from "../api/client.ts";
import { type Answer, read, readTagged } from "../api/read.ts";

/** What a tag is sent as: what it was read under, and nothing where there was none. */
const under = (etag: string | undefined) => (etag === undefined ? {} : { "if-match": etag });

export type FlowSummary = Answer<Awaited<ReturnType<Api["v1"]["flows"]["$get"]>>>["flows"][number];
export interface FlowVersion {
  readonly version: number;
  readonly publishedAt: string;
  readonly author: string | null;
  readonly note: string | null;
  readonly live: boolean;
  readonly flow: Flow;
}
/** A draft as it was read: what it says, and the tag that tells whether somebody wrote since. */
export interface Draft {
  readonly flow: Flow;
  readonly etag: string | undefined;
}

/** @param archived only those that were put away; else only those that were not */
export async function listFlows(api: Api, archived = false): Promise<readonly FlowSummary[]> {
  return (await read(api.v1.flows.$get({ query: archived ? { archived: "true" } : {} }))).flows;
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
      header: under(etag),
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

/** What a publish came to: a version that is live now, or a plan. */
export type PublishResult =
  | { readonly type: "live"; readonly version: number }
  | { readonly type: "planned"; readonly at: string };

/**
 * Publishes the draft as it was read. @param etag its tag: 412 where somebody wrote since
 * @param at ISO 8601; `undefined`: now
 */
export async function publish(
  api: Api,
  id: string,
  etag: string | undefined,
  note: string,
  at: string | undefined,
): Promise<PublishResult> {
  const json = { ...(note === "" ? {} : { note }), ...(at === undefined ? {} : { at }) };
  const answer = await read(api.v1.flows[":id"].publish.$post({ param: { id }, header: under(etag), json }));
  return plannedFor(answer) ?? { type: "live", version: answer.version };
}

/** Publishes several drafts as one change; returns when, where it was planned. */
export async function publishMany(
  api: Api,
  flows: readonly string[],
  note: string,
  at: string | undefined,
): Promise<string | undefined> {
  const json = {
    flows: [...flows],
    ...(note === "" ? {} : { note }),
    ...(at === undefined ? {} : { at }),
  };
  return plannedFor(await read(api.v1.publish.$post({ json })))?.at;
}

/** A plan is answered in another shape (202), which the routes' type leaves out. */
function plannedFor(answer: object): { readonly type: "planned"; readonly at: string } | undefined {
  const { scheduled } = answer as { readonly scheduled?: { readonly at: string } };
  return scheduled === undefined ? undefined : { type: "planned", at: scheduled.at };
}

export type Plan = Answer<Awaited<ReturnType<Api["v1"]["schedules"]["$get"]>>>["schedules"][number];

export async function listPlans(api: Api): Promise<readonly Plan[]> {
  return (await read(api.v1.schedules.$get())).schedules;
}

/** @param etag the draft's tag, as it was read: 412 where somebody wrote since */
export async function archive(api: Api, id: string, etag: string | undefined, away: boolean): Promise<void> {
  const flow = api.v1.flows[":id"];
  const to = { param: { id }, header: under(etag) };
  await read(away ? flow.archive.$post(to) : flow.restore.$post(to));
}

/** The draft stays as it is, whatever it is: no tag is sent. */
export async function rollback(api: Api, id: string, version: number): Promise<number> {
  return (await read(api.v1.flows[":id"].rollback.$post({ param: { id }, header: {}, json: { version } })))
    .version;
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
