import { assertNever, type Flow } from "@cairn/flow-schema";
import type { Kysely } from "kysely";
import type {
  DefinitionBodies,
  DefinitionChange,
  DefinitionKind,
  Definitions,
  StoredDefinition,
  StoredVersion,
} from "../storage.ts";
import { type SqliteDatabase, transaction } from "./driver.ts";
import { runNow } from "./kysely-dialect.ts";
import type { Tables } from "./tables.ts";

/** Definitions in SQLite: plain queries, written by Kysely, run at once so that a change is one transaction. */
export interface SqliteDefinitions {
  load(environmentId: number): Definitions;
  versions(environmentId: number, flow: string): readonly StoredVersion[];
  change(environmentId: number, expected: number, changes: readonly DefinitionChange[], now: number): boolean;
}

export function createSqliteDefinitions(database: SqliteDatabase, db: Kysely<Tables>): SqliteDefinitions {
  /** Only what has the revision of the database is used from here: another process may have written. */
  const loaded = new Map<number, Definitions>();

  const revisionOf = (environmentId: number): number =>
    runNow(database, db.selectFrom("environments").select("revision").where("id", "=", environmentId))[0]
      ?.revision ?? 0;

  const apply = (environmentId: number, change: DefinitionChange, revision: number, now: number): void => {
    switch (change.type) {
      case "put": {
        const row = { revision, updated_at: now, body: JSON.stringify(change.body) };
        runNow(
          database,
          db
            .insertInto("definitions")
            .values({ environment_id: environmentId, kind: change.kind, id: change.id, ...row })
            .onConflict((conflict) => conflict.columns(["environment_id", "kind", "id"]).doUpdateSet(row)),
        );
        return;
      }
      case "delete":
        runNow(
          database,
          db
            .deleteFrom("definitions")
            .where("environment_id", "=", environmentId)
            .where("kind", "=", change.kind)
            .where("id", "=", change.id),
        );
        if (change.kind === "flow")
          runNow(
            database,
            db
              .deleteFrom("live_flows")
              .where("environment_id", "=", environmentId)
              .where("flow", "=", change.id),
          );
        return;
      case "publish": {
        const newest = runNow(
          database,
          db
            .selectFrom("flow_versions")
            .select((eb) => eb.fn.max("version").as("version"))
            .where("environment_id", "=", environmentId)
            .where("flow", "=", change.flow),
        );
        const version = (newest[0]?.version ?? 0) + 1;
        const { flow, note } = change;
        const body = JSON.stringify(change.body);
        runNow(
          database,
          db
            .insertInto("flow_versions")
            .values({ environment_id: environmentId, flow, version, published_at: now, note, body }),
        );
        runNow(
          database,
          db
            .insertInto("live_flows")
            .values({ environment_id: environmentId, flow, version })
            .onConflict((conflict) => conflict.columns(["environment_id", "flow"]).doUpdateSet({ version })),
        );
        return;
      }
      default:
        assertNever(change);
    }
  };

  return {
    load(environmentId) {
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
          .map(({ id, revision, updated_at, body }) => ({
            kind,
            id,
            revision,
            updatedAt: updated_at,
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
    },

    versions: (environmentId, flow) =>
      runNow(
        database,
        db
          .selectFrom("flow_versions")
          .selectAll()
          .where("environment_id", "=", environmentId)
          .where("flow", "=", flow)
          .orderBy("version", "desc"),
      ).map(toVersion),

    change: (environmentId, expected, changes, now) =>
      transaction(database, () => {
        if (revisionOf(environmentId) !== expected) return false;
        const revision = expected + 1;
        for (const change of changes) apply(environmentId, change, revision, now);
        runNow(database, db.updateTable("environments").set({ revision }).where("id", "=", environmentId));
        return true;
      }),
  };
}

function toVersion(row: Tables["flow_versions"]): StoredVersion {
  const { flow, version, published_at, note, body } = row;
  return { flow, version, publishedAt: published_at, note, body: JSON.parse(body) as Flow };
}
