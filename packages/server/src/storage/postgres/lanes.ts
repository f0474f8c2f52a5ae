import type { ReservedSql } from "postgres";
import { connectTo, type Sql } from "./connect.ts";

type Reserved = ReservedSql<{ bigint: number }>;

/** What a transaction is written with; it throws once its connection is gone. */
export type LaneSql = Reserved;

/** A connection of one's own, until it is given back. */
export interface Lane {
  readonly sql: LaneSql;
  giveBack(): void;
}

/**
 * Connections for transactions, each a pool of one. postgres.js 3.4 brings the whole process down where a statement,
 * such as the ROLLBACK that it sends itself, follows on a reserved connection that was closed; of a pool of one we
 * know whether it was.
 */
export interface Lanes {
  take(): Promise<Lane>;
  /** Commits when `body` has resolved, rolls back where it rejects. `begin`: the statement that opens it. */
  transaction<T>(body: (sql: LaneSql) => Promise<T>, begin?: string): Promise<T>;
  end(): Promise<void>;
}

interface Pool {
  readonly sql: Sql;
  /** How often its connection was closed. */
  closures: number;
  isUp: boolean;
}

export function createLanes(
  url: string,
  count: number,
  settings: Readonly<Record<string, string>> = {},
): Lanes {
  const pools = Array.from({ length: count }, () => {
    const pool: Pool = {
      sql: connectTo(url, 1, settings, () => {
        pool.closures += 1;
        pool.isUp = false;
      }),
      closures: 0,
      isUp: false,
    };
    return pool;
  });
  const free = [...pools];
  const waiting: ((pool: Pool) => void)[] = [];
  const giveBack = (pool: Pool) => {
    const next = waiting.shift();
    if (next === undefined) free.push(pool);
    else next(pool);
  };

  const take = async (): Promise<Lane> => {
    const pool = free.pop() ?? (await new Promise<Pool>((resolve) => waiting.push(resolve)));
    try {
      while (!pool.isUp) await bringUp(pool);
      const reserved = (await pool.sql.reserve()) as Reserved;
      const { closures } = pool;
      const isOpen = () => pool.closures === closures;
      return {
        sql: guarded(reserved, isOpen),
        giveBack() {
          // One that was closed has left the pool by itself, and must not come back into it.
          if (isOpen()) reserved.release();
          giveBack(pool);
        },
      };
    } catch (thrown) {
      giveBack(pool);
      throw thrown;
    }
  };
  return {
    take,
    async transaction(body, begin = "BEGIN") {
      const { sql, giveBack: done } = await take();
      try {
        await sql.unsafe(begin);
        const result = await body(sql);
        await sql.unsafe("COMMIT");
        return result;
      } catch (thrown) {
        // Where it fails too the connection is gone, and the transaction with it.
        await (async () => sql.unsafe("ROLLBACK"))().catch(() => {});
        throw thrown;
      } finally {
        done();
      }
    },
    end: async () => {
      await Promise.all(pools.map(({ sql }) => sql.end({ timeout: 1 })));
    },
  };
}

/** Opens the pool's connection: without a first question one that is to be reserved never comes up (postgres.js 3.4). */
async function bringUp(pool: Pool): Promise<void> {
  const { closures } = pool;
  await pool.sql`SELECT 1`;
  pool.isUp = pool.closures === closures;
}

function guarded(reserved: Reserved, isOpen: () => boolean): LaneSql {
  const requireOpen = () => {
    if (!isOpen())
      throw Object.assign(new Error("the connection to the database was closed"), {
        code: "CONNECTION_CLOSED",
      });
  };
  return new Proxy(reserved, {
    apply(target, self, args) {
      requireOpen();
      return Reflect.apply(target as unknown as (...args: unknown[]) => unknown, self, args);
    },
    get(target, name) {
      if (name === "unsafe") requireOpen();
      return Reflect.get(target, name);
    },
  });
}
