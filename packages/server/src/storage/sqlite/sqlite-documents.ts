import type { AuditEntry, AuditStore } from "../audit-store.ts";
import type { DocumentStore, DocumentWrite, StoredDocument } from "../document-store.ts";
import type { SqliteContext } from "./context.ts";
import { runNow, toStatement } from "./kysely-dialect.ts";
import type { Tables } from "./tables.ts";
import type { Statement } from "./writer.ts";

/** Entries of the audit log, for the transaction of the change that they tell of. */
export function auditStatements(
  { db }: Pick<SqliteContext, "db">,
  environmentId: number,
  entries: readonly AuditEntry[],
  at: number,
): Statement[] {
  return entries.map((entry) =>
    toStatement(db.insertInto("audit").values({ environment_id: environmentId, at, ...entry })),
  );
}

export function createSqliteAudit({ database, db, idOf }: SqliteContext): AuditStore {
  return {
    async audit(environment, { before, subject, limit }) {
      let query = db
        .selectFrom("audit")
        .select(["id", "at", "actor", "action", "subject", "before", "after", "note"])
        .where("environment_id", "=", idOf(environment))
        .orderBy("id", "desc")
        .limit(limit);
      if (before !== undefined) query = query.where("id", "<", before);
      if (subject !== undefined) query = query.where("subject", "=", subject);
      return runNow(database, query);
    },
  };
}

export function createSqliteDocuments(context: SqliteContext): DocumentStore {
  const { database, db, writer, idOf, madeIdOf } = context;
  const select = (environment: string, collection: string) =>
    db
      .selectFrom("documents")
      .selectAll()
      .where("environment_id", "=", idOf(environment))
      .where("collection", "=", collection);
  return {
    async document(environment, collection, id) {
      const [row] = runNow(database, select(environment, collection).where("id", "=", id));
      return row && toDocument(row);
    },
    async documents(environment, collection) {
      return runNow(database, select(environment, collection).orderBy("id")).map(toDocument);
    },
    async writeDocument(environment, write, now, entries = []) {
      const environmentId = await madeIdOf(environment);
      const expired = db
        .deleteFrom("documents")
        .where("environment_id", "=", environmentId)
        .where("collection", "=", write.collection)
        .where("id", "!=", write.id)
        .where("expires_at", "<=", now);
      return await writer.write({
        onlyIf: claim(context, environmentId, write, now),
        statements: [toStatement(expired), ...auditStatements(context, environmentId, entries, now)],
      });
    },
    async dropExpired(now) {
      const expired = db.deleteFrom("documents").where("expires_at", "<=", now);
      await writer.write({ statements: [toStatement(expired)] });
    },
  };
}

/** The write itself: it changes no row where the document is not at the expected revision. */
function claim(
  { db }: SqliteContext,
  environmentId: number,
  { collection, id, expected, body, expiresAt }: DocumentWrite,
  now: number,
): Statement {
  if (body !== null && expected === 0)
    return toStatement(
      db
        .insertInto("documents")
        .values({
          environment_id: environmentId,
          collection,
          id,
          revision: 1,
          updated_at: now,
          expires_at: expiresAt ?? null,
          body,
        })
        .onConflict((conflict) => conflict.doNothing()),
    );
  if (body === null)
    return toStatement(
      db
        .deleteFrom("documents")
        .where("environment_id", "=", environmentId)
        .where("collection", "=", collection)
        .where("id", "=", id)
        .where("revision", "=", expected),
    );
  return toStatement(
    db
      .updateTable("documents")
      .set({ revision: expected + 1, updated_at: now, expires_at: expiresAt ?? null, body })
      .where("environment_id", "=", environmentId)
      .where("collection", "=", collection)
      .where("id", "=", id)
      .where("revision", "=", expected),
  );
}

function toDocument({ id, revision, updated_at, body }: Tables["documents"]): StoredDocument {
  return { id, revision, updatedAt: updated_at, body };
}
