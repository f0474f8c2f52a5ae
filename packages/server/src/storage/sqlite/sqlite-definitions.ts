import { assertNever, type Flow } from "@cairn/flow-schema";
import type {
  DefinitionBodies,
  DefinitionChange,
  DefinitionKind,
  DefinitionStore,
  Definitions,
  StoredDefinition,
  StoredVersion,
} from "../definition-store.ts";
import type { EnvironmentId } from "../environment-id.ts";
import type { SqliteContext } from "./context.ts";
import { runNow, toStatement } from "./kysely-dialect.ts";
import { auditStatements } from "./sqlite-documents.ts";
import type { Tables } from "./tables.ts";
import type { Statement } from "./writer.ts";

const ADD_VERSION = `
  INSERT INTO flow_versions (environment_id, flow, version, published_at, note, author, body)
  SELECT ?, ?, coalesce(max(version), 0) + 1, ?, ?, ?, ? FROM flow_versions WHERE environment_id = ? AND flow = ?`;
const MAKE_NEWEST_LIVE = `
  INSERT INTO live_flows (environment_id, flow, version)
  SELECT ?, ?, max(version) FROM flow_versions WHERE environment_id = ? AND flow = ?
  ON CONFLICT (environment_id, flow) DO UPDATE SET version = excluded.version`;

/** Definitions in SQLite: plain queries, written by Kysely; a change is handed to the writer as one transaction. */
export function createSqliteDefinitions(context: SqliteContext): DefinitionStore {
  const { database, db } = context;
  /** Only what has the revision of the database is used from here: another process may have written. */
  const loaded = new Map<number, Definitions>();

  const revisionOf = (environmentId: number): number =>
    runNow(database, db.selectFrom("environments").select("revision").where("id", "=", environmentId))[0]
      ?.revision ?? 0;

  const takeDown = (environmentId: number, flow: string): Statement =>
    toStatement(
      db.deleteFrom("live_flows").where("environment_id", "=", environmentId).where("flow", "=", flow),
    );

  const statementsOf = (
    environmentId: number,
    change: DefinitionChange,
    revision: number,
    now: number,
    author: string | null,
  ): Statement[] => {
    switch (change.type) {
      case "put": {
        const row = { revision, updated_at: now, body: JSON.stringify(change.body) };
        return [
          toStatement(
            db
              .insertInto("definitions")
              .values({ environment_id: environmentId, kind: change.kind, id: change.id, ...row })
              .onConflict((conflict) => conflict.columns(["environment_id", "kind", "id"]).doUpdateSet(row)),
          ),
        ];
      }
      case "delete": {
        const removed = toStatement(
          db
            .deleteFrom("definitions")
            .where("environment_id", "=", environmentId)
            .where("kind", "=", change.kind)
            .where("id", "=", change.id),
        );
        if (change.kind !== "flow") return [removed];
        return [removed, takeDown(environmentId, change.id)];
      }
      case "publish": {
        const { flow, note } = change;
        const body = JSON.stringify(change.body);
        return [
          { sql: ADD_VERSION, values: [environmentId, flow, now, note, author, body, environmentId, flow] },
          { sql: MAKE_NEWEST_LIVE, values: [environmentId, flow, environmentId, flow] },
        ];
      }
      case "archive": {
        const { flow, archived } = change;
        const put = db
          .updateTable("definitions")
          .set({ archived_at: archived ? now : null })
          .where("environment_id", "=", environmentId)
          .where("kind", "=", "flow")
          .where("id", "=", flow);
        return archived ? [toStatement(put), takeDown(environmentId, flow)] : [toStatement(put)];
      }
      default:
        return assertNever(change);
    }
  };

  const definitions = async (environment: EnvironmentId): Promise<Definitions> => {
    const environmentId = context.idOf(environment);
    const revision = revisionOf(environmentId);
    const known = loaded.get(environmentId);
    if (known !== undefined && known.revision === revision) return known;
    const rows = runNow(
      database,
      db.selectFrom("definitions").selectAll().where("environment_id", "=", environmentId).orderBy("id"),
    );
    const live = runNow(
      database,
      db
        .selectFrom("live_flows")
        .innerJoin("flow_versions", (join) =>
          join
            .onRef("flow_versions.environment_id", "=", "live_flows.environment_id")
            .onRef("flow_versions.flow", "=", "live_flows.flow")
            .onRef("flow_versions.version", "=", "live_flows.version"),
        )
        .selectAll("flow_versions")
        .where("live_flows.environment_id", "=", environmentId)
        .orderBy("live_flows.flow"),
    );
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
    const fresh: Definitions = {
      revision,
      drafts: of("flow"),
      live: live.map(toVersion),
      features: of("feature"),
      segments: of("segment"),
      settings: of("settings")[0] ?? null,
    };
    loaded.set(environmentId, fresh);
    return fresh;
  };

  return {
    definitions,
    // The revision is asked of a database in this process: that is memory.
    recentDefinitions: definitions,

    versions: async (environment, flow) =>
      runNow(
        database,
        db
          .selectFrom("flow_versions")
          .selectAll()
          .where("environment_id", "=", context.idOf(environment))
          .where("flow", "=", flow)
          .orderBy("version", "desc"),
      ).map(toVersion),

    async change(environment, expected, changes, now, trail) {
      const environmentId = await context.madeIdOf(environment);
      const revision = expected + 1;
      const claim = db
        .updateTable("environments")
        .set({ revision })
        .where("id", "=", environmentId)
        .where("revision", "=", expected);
      return await context.writer.write({
        onlyIf: toStatement(claim),
        statements: [
          ...changes.flatMap((change) =>
            statementsOf(environmentId, change, revision, now, trail?.author ?? null),
          ),
          ...auditStatements(context, environmentId, trail?.entries ?? [], now),
        ],
      });
    },
  };
}

function toVersion(row: Tables["flow_versions"]): StoredVersion {
  const { flow, version, published_at, note, author, body } = row;
  return { flow, version, publishedAt: published_at, author, note, body: JSON.parse(body) as Flow };
}
