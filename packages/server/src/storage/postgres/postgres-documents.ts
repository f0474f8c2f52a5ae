import type { Kysely, Transaction } from "kysely";
import type { AuditEntry, AuditStore } from "../audit-store.ts";
import type { DocumentStore, DocumentWrite, StoredDocument } from "../document-store.ts";
import type { PostgresContext } from "./context.ts";
import type { Tables } from "./tables.ts";

/** Entries of the audit log, in the transaction of the change that they tell of. */
export async function writeAudit(
  transaction: Transaction<Tables>,
  environmentId: number,
  entries: readonly AuditEntry[],
  at: number,
): Promise<void> {
  for (const entry of entries)
    await transaction
      .insertInto("audit")
      .values({ environment_id: environmentId, at, ...entry })
      .execute();
}

export function createPostgresAudit({ db, idOf }: PostgresContext): AuditStore {
  return {
    async audit(environment, { before, subject, limit }) {
      let query = db
        .selectFrom("audit")
        .select(["id", "at", "actor", "action", "subject", "before", "after", "note"])
        .where("environment_id", "=", await idOf(environment))
        .orderBy("id", "desc")
        .limit(limit);
      if (before !== undefined) query = query.where("id", "<", before);
      if (subject !== undefined) query = query.where("subject", "=", subject);
      return await query.execute();
    },
  };
}

export function createPostgresDocuments({ db, idOf, madeIdOf }: PostgresContext): DocumentStore {
  const select = async (environment: string, collection: string) =>
    db
      .selectFrom("documents")
      .selectAll()
      .where("environment_id", "=", await idOf(environment))
      .where("collection", "=", collection);
  return {
    async document(environment, collection, id) {
      const row = await (await select(environment, collection)).where("id", "=", id).executeTakeFirst();
      return row && toDocument(row);
    },
    async documents(environment, collection) {
      return (await (await select(environment, collection)).orderBy("id").execute()).map(toDocument);
    },
    async writeDocument(environment, write, now, entries = []) {
      const environmentId = await madeIdOf(environment);
      return await db.transaction().execute(async (transaction) => {
        if (!(await claim(transaction, environmentId, write, now))) return false;
        await transaction
          .deleteFrom("documents")
          .where("environment_id", "=", environmentId)
          .where("collection", "=", write.collection)
          .where("id", "!=", write.id)
          .where("expires_at", "<=", now)
          .execute();
        await writeAudit(transaction, environmentId, entries, now);
        return true;
      });
    },
    async dropExpired(now) {
      await db.deleteFrom("documents").where("expires_at", "<=", now).execute();
    },
  };
}

/** The write itself; `false` where the document is not at the expected revision. */
async function claim(
  db: Kysely<Tables>,
  environmentId: number,
  { collection, id, expected, body, expiresAt }: DocumentWrite,
  now: number,
): Promise<boolean> {
  const expires_at = expiresAt ?? null;
  const name = { environment_id: environmentId, collection, id };
  if (body !== null && expected === 0) {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto("documents")
      .values({ ...name, revision: 1, updated_at: now, expires_at, body })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }
  const isExpected = { ...name, revision: expected };
  if (body === null) {
    const { numDeletedRows } = await db
      .deleteFrom("documents")
      .where((where) => where.and(isExpected))
      .executeTakeFirst();
    return numDeletedRows === 1n;
  }
  const { numUpdatedRows } = await db
    .updateTable("documents")
    .set({ revision: expected + 1, updated_at: now, expires_at, body })
    .where((where) => where.and(isExpected))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

function toDocument({ id, revision, updated_at, body }: Tables["documents"]): StoredDocument {
  return { id, revision, updatedAt: updated_at, body };
}
