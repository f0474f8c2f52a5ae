import { assertNever, type Flow } from "@cairn/flow-schema";
import type { Transaction } from "kysely";
import {
  CONFIG_AGE_MS,
  CONFIG_STALE_MS,
  type DefinitionBodies,
  type DefinitionChange,
  type DefinitionKind,
  type DefinitionStore,
  type Definitions,
  type StoredDefinition,
  type StoredVersion,
} from "../definition-store.ts";
import { isStoreUnavailable } from "../store-unavailable.ts";
import { toUnavailable } from "./connect.ts";
import type { PostgresContext } from "./context.ts";
import { oneAtATime } from "./one-at-a-time.ts";
import { writeAudit } from "./postgres-documents.ts";
import type { Tables } from "./tables.ts";

/** How long pages wait for a database that says nothing, before they are told what was known last. */
const PATIENCE_MS = 3_000;

/**
 * Definitions in PostgreSQL. Any server of a database may change them: each question asks for the revision (but for the
 * recent ones, which are asked for all the time), and only a new one is read whole; questions that come while one is being answered share the next one.
 */
export function createPostgresDefinitions(
  context: PostgresContext,
  clock: () => number = () => performance.now(),
): DefinitionStore {
  const { db, idOf, madeIdOf } = context;
  const loaded = new Map<number, Definitions>();
  /** When the database was last asked, by environment. */
  const askedAt = new Map<number, number>();
  let changed = 0;

  const revisionOf = async (environmentId: number): Promise<number> =>
    (
      await db
        .selectFrom("environments")
        .select("revision")
        .where("id", "=", environmentId)
        .executeTakeFirst()
    )?.revision ?? 0;

  const load = oneAtATime(async (environmentId: number): Promise<Definitions> => {
    const [start, changedBefore] = [clock(), changed];
    const found = await loadFresh(environmentId);
    // What was changed meanwhile may not be in it.
    if (changed === changedBefore) askedAt.set(environmentId, start);
    return found;
  });
  const loadFresh = async (environmentId: number): Promise<Definitions> => {
    const known = loaded.get(environmentId);
    if (known !== undefined && known.revision === (await revisionOf(environmentId))) return known;
    const fresh = await db
      .transaction()
      // One view of all tables.
      .setIsolationLevel("repeatable read")
      .setAccessMode("read only")
      .execute((transaction) => read(transaction, environmentId));
    loaded.set(environmentId, fresh);
    return fresh;
  };

  return {
    definitions: async (environment) => await load(await idOf(environment)),

    async recentDefinitions(environment) {
      const environmentId = await idOf(environment);
      const known = loaded.get(environmentId);
      const age = clock() - (askedAt.get(environmentId) ?? Number.NEGATIVE_INFINITY);
      if (known !== undefined && age < CONFIG_AGE_MS) return known;
      const fresh = load(environmentId);
      return await (known === undefined || age >= CONFIG_STALE_MS ? fresh : unlessAway(fresh, known));
    },

    async versions(environment, flow) {
      const rows = await db
        .selectFrom("flow_versions")
        .selectAll()
        .where("environment_id", "=", await idOf(environment))
        .where("flow", "=", flow)
        .orderBy("version", "desc")
        .execute();
      return rows.map(toVersion);
    },

    async change(environment, expected, changes, now, trail) {
      const environmentId = await madeIdOf(environment);
      const work = db.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable("environments")
          .set({ revision: expected + 1 })
          .where("id", "=", environmentId)
          .where("revision", "=", expected)
          .executeTakeFirst();
        if (numUpdatedRows === 0n) return false;
        const head = { environmentId, revision: expected + 1, now, author: trail?.author ?? null };
        for (const change of changes) await apply(transaction, change, head);
        await writeAudit(transaction, environmentId, trail?.entries ?? [], now);
        return true;
      });
      return await work.finally(() => {
        changed += 1;
        askedAt.delete(environmentId);
      });
    },
  };
}

async function read(transaction: Transaction<Tables>, environmentId: number): Promise<Definitions> {
  const environment = await transaction
    .selectFrom("environments")
    .select("revision")
    .where("id", "=", environmentId)
    .executeTakeFirst();
  const rows = await transaction
    .selectFrom("definitions")
    .selectAll()
    .where("environment_id", "=", environmentId)
    .orderBy("id")
    .execute();
  const live = await transaction
    .selectFrom("live_flows")
    .innerJoin("flow_versions", (join) =>
      join
        .onRef("flow_versions.environment_id", "=", "live_flows.environment_id")
        .onRef("flow_versions.flow", "=", "live_flows.flow")
        .onRef("flow_versions.version", "=", "live_flows.version"),
    )
    .selectAll("flow_versions")
    .where("live_flows.environment_id", "=", environmentId)
    .orderBy("live_flows.flow")
    .execute();
  const of = <Kind extends DefinitionKind>(kind: Kind): StoredDefinition<Kind>[] =>
    rows
      .filter((row) => row.kind === kind)
      .map(({ id, revision, updated_at, archived_at, body }) => ({
        kind,
        id,
        revision,
        updatedAt: updated_at,
        ...(archived_at === null ? {} : { archivedAt: archived_at }),
        body: JSON.parse(body) as DefinitionBodies[Kind],
      }));
  return {
    revision: environment?.revision ?? 0,
    drafts: of("flow"),
    live: live.map(toVersion),
    features: of("feature"),
    segments: of("segment"),
    settings: of("settings")[0] ?? null,
  };
}

interface Head {
  readonly environmentId: number;
  readonly revision: number;
  readonly now: number;
  readonly author: string | null;
}

async function apply(
  transaction: Transaction<Tables>,
  change: DefinitionChange,
  { environmentId, revision, now, author }: Head,
): Promise<void> {
  const takeDown = (flow: string) =>
    transaction
      .deleteFrom("live_flows")
      .where("environment_id", "=", environmentId)
      .where("flow", "=", flow)
      .execute();
  switch (change.type) {
    case "put": {
      const { kind, id } = change;
      const row = { revision, updated_at: now, body: JSON.stringify(change.body) };
      await transaction
        .insertInto("definitions")
        .values({ environment_id: environmentId, kind, id, ...row })
        .onConflict((conflict) => conflict.columns(["environment_id", "kind", "id"]).doUpdateSet(row))
        .execute();
      return;
    }
    case "delete": {
      await transaction
        .deleteFrom("definitions")
        .where("environment_id", "=", environmentId)
        .where("kind", "=", change.kind)
        .where("id", "=", change.id)
        .execute();
      if (change.kind === "flow") await takeDown(change.id);
      return;
    }
    case "publish": {
      const { flow, note } = change;
      const { latest } = await transaction
        .selectFrom("flow_versions")
        .select((select) => select.fn.max("version").as("latest"))
        .where("environment_id", "=", environmentId)
        .where("flow", "=", flow)
        .executeTakeFirstOrThrow();
      const version = ((latest as number | null) ?? 0) + 1;
      const name = { environment_id: environmentId, flow, version };
      const body = JSON.stringify(change.body);
      await transaction
        .insertInto("flow_versions")
        .values({ ...name, published_at: now, note, author, body })
        .execute();
      await transaction
        .insertInto("live_flows")
        .values(name)
        .onConflict((conflict) => conflict.columns(["environment_id", "flow"]).doUpdateSet({ version }))
        .execute();
      return;
    }
    case "archive": {
      await transaction
        .updateTable("definitions")
        .set({ archived_at: change.archived ? now : null })
        .where("environment_id", "=", environmentId)
        .where("kind", "=", "flow")
        .where("id", "=", change.flow)
        .execute();
      if (change.archived) await takeDown(change.flow);
      return;
    }
    default:
      assertNever(change);
  }
}

function toVersion(row: Tables["flow_versions"]): StoredVersion {
  const { flow, version, published_at, note, author, body } = row;
  return { flow, version, publishedAt: published_at, author, note, body: JSON.parse(body) as Flow };
}

/** What was asked for; what was known before, where the database is away or does not answer. */
async function unlessAway<T>(asked: Promise<T>, known: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, known);
  });
  try {
    return await Promise.race([asked, patience]);
  } catch (thrown) {
    if (isStoreUnavailable(toUnavailable(thrown))) return known;
    throw thrown;
  } finally {
    clearTimeout(timer);
  }
}
