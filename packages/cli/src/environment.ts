import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { canonicalText, ownFields } from "./canonical.ts";
import { filesOf, validDefinitions } from "./definitions.ts";
import { textOf } from "./json-file.ts";
import { answer, ask, type Remote, refused } from "./remote.ts";

export type Kind = "feature" | "segment" | "settings" | "flow";
export const FOLDERS = { flow: "flows", feature: "features", segment: "segments" } as const;

/** `flows/first-export`, `settings`: what a definition is called. */
export const nameOf = (kind: Kind, id: string): string =>
  kind === "settings" ? "settings" : `${FOLDERS[kind]}/${id}`;

export interface Definition {
  readonly kind: Kind;
  /** `""` for the settings. */
  readonly id: string;
  readonly body: unknown;
}
export interface RemoteDefinition extends Definition {
  readonly etag: string | undefined;
}
/** Flows that go live at a moment, as their drafts were when that was said. */
export interface Scheduled {
  readonly id: string;
  readonly at: string;
  readonly by: string;
  readonly flows: readonly string[];
}
/** One environment of a server, as it is now. */
export interface Environment {
  readonly name: string;
  readonly definitions: ReadonlyMap<string, RemoteDefinition>;
  /** Flows that were put away: in no list, but their drafts and versions are there. By name, like the definitions. */
  readonly archived: ReadonlyMap<string, RemoteDefinition>;
  /** What is live of each flow, with the number of its version. */
  readonly live: ReadonlyMap<string, { readonly version: number; readonly body: unknown }>;
  readonly scheduled: readonly Scheduled[];
}

/** Everything in a folder, after it was checked as a whole; by name. A folder with nothing in it is more likely the wrong one. */
export function readFolder(folder: string): ReadonlyMap<string, Definition> {
  const path = (name: string) => (existsSync(join(folder, name)) ? join(folder, name) : undefined);
  const others = {
    features: path("features"),
    segments: path("segments"),
    settings: path("settings.json"),
  };
  const hasFiles = (one: string | undefined) => one !== undefined && filesOf(one).length > 0;
  const hasNoFlows = !hasFiles(path("flows")) && Object.values(others).some(hasFiles);
  const { config } = validDefinitions({
    flows: hasNoFlows ? undefined : join(folder, "flows"),
    ...others,
  });
  const found = new Map<string, Definition>();
  const add = (kind: Kind, id: string, body: unknown) =>
    found.set(nameOf(kind, id), { kind, id, body: ownFields(body) });
  for (const one of config.segments ?? []) add("segment", one.id, one);
  for (const one of config.features ?? []) add("feature", one.id, one);
  if (config.settings !== undefined) add("settings", "", config.settings);
  for (const one of config.flows) add("flow", one.id, one);
  return found;
}

/** Most requests at once. */
const AT_ONCE = 8;

export async function readEnvironment(remote: Remote): Promise<Environment> {
  const found = new Map<string, RemoteDefinition>();
  const archived = new Map<string, RemoteDefinition>();
  const take = async (kind: Kind, id: string, request: Parameters<typeof ask>[0], into = found) => {
    const asked = await ask(request);
    if (asked.refusal) throw refused(asked.refusal);
    // Settings that were never written have no tag.
    if (kind === "settings" && asked.etag === undefined) return;
    into.set(nameOf(kind, id), { kind, id, body: ownFields(asked.body), etag: asked.etag });
  };
  const config = await answer(remote.config.$get({ query: {} }));
  const wanted: (() => Promise<void>)[] = [() => take("settings", "", remote.settings.$get())];
  for (const { id } of (await answer(remote.segments.$get())).segments)
    wanted.push(() => take("segment", id, remote.segments[":id"].$get({ param: { id } })));
  for (const { id } of (await answer(remote.features.$get())).features)
    wanted.push(() => take("feature", id, remote.features[":id"].$get({ param: { id } })));
  for (const { id } of (await answer(remote.flows.$get({ query: {} }))).flows)
    wanted.push(() => take("flow", id, remote.flows[":id"].$get({ param: { id } })));
  for (const { id } of (await answer(remote.flows.$get({ query: { archived: "true" } }))).flows)
    wanted.push(() => take("flow", id, remote.flows[":id"].$get({ param: { id } }), archived));
  for (let i = 0; i < wanted.length; i += AT_ONCE)
    await Promise.all(wanted.slice(i, i + AT_ONCE).map((one) => one()));
  const live = config.flows.map(
    (flow) => [flow.id, { version: flow.version ?? 0, body: ownFields(flow) }] as const,
  );
  const { schedules } = await answer(remote.schedules.$get());
  const scheduled = schedules
    .filter(({ failure }) => failure === null)
    .map(({ id, at, by, flows }) => ({ id, at, by, flows }));
  return { name: config.environment ?? "", definitions: found, archived, live: new Map(live), scheduled };
}

/** What writing an environment into a folder did, file by file. */
export interface Written {
  readonly file: string;
  readonly did: "created" | "changed" | "removed" | "same" | "only here";
}

/** Writes definitions as files, in their canonical form; a file that holds one already keeps its name. */
export function writeFolder(
  folder: string,
  definitions: Iterable<Definition>,
  prune: boolean,
): readonly Written[] {
  const here = filesIn(folder);
  const written: Written[] = [];
  const used = new Set<string>();
  const taken = new Set(here.values());
  for (const { kind, id, body } of definitions) {
    const name = nameOf(kind, id);
    const file = here.get(name) ?? freeFile(join(folder, name), taken);
    taken.add(file);
    const text = canonicalText(body);
    const before = existsSync(file) ? readFileSync(file, "utf8") : undefined;
    used.add(file);
    if (before !== text) {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
    written.push({ file, did: before === undefined ? "created" : before === text ? "same" : "changed" });
  }
  for (const file of new Set(here.values())) {
    if (used.has(file)) continue;
    if (prune) rmSync(file);
    written.push({ file, did: prune ? "removed" : "only here" });
  }
  return written.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** A name for a new file: that of the definition, where no other one lies in it. */
function freeFile(path: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const file = `${path}${number === 1 ? "" : `-${number}`}.json`;
    if (!taken.has(file)) return file;
  }
}

/** Which definition lies in which file; what is no JSON is named by its file, and what lies in two by the second one's. */
function filesIn(folder: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const kind of ["flow", "feature", "segment"] as const) {
    const path = join(folder, FOLDERS[kind]);
    if (!existsSync(path)) continue;
    for (const file of filesOf(path)) {
      const definition = nameOf(kind, idIn(file) ?? basename(file, ".json"));
      found.set(found.has(definition) ? file : definition, file);
    }
  }
  const settings = join(folder, "settings.json");
  if (existsSync(settings)) found.set("settings", settings);
  return found;
}

function idIn(file: string): string | undefined {
  try {
    const { id } = JSON.parse(textOf(readFileSync(file))) as { id?: unknown };
    return typeof id === "string" ? id : undefined;
  } catch {
    return undefined;
  }
}
