import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, describe, expect, inject, it } from "vitest";
import { backupStore, restoreStore } from "../src/storage/backup.ts";
import { openStorage } from "../src/storage/open-storage.ts";
import { openDatabase } from "../src/storage/sqlite/driver.ts";
import type { Storage } from "../src/storage/storage.ts";
import { leaseDatabase } from "./postgres/lease-database.ts";
import { createPostgresServer } from "./postgres/postgres-server.ts";
import { event, flow } from "./storage-contract/fixtures.ts";

const folder = mkdtempSync(join(tmpdir(), "cairn-backup-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const dirOf = (name: string) => {
  const dir = join(folder, name);
  mkdirSync(dir);
  return dir;
};

/** Something of every kind. */
async function fill(storage: Storage): Promise<void> {
  for (let n = 0; n < 20; n++)
    await storage.append(
      n % 2 === 0 ? "one" : "two",
      Array.from({ length: 50 }, (_, i) =>
        event({
          userId: `u${i % 7}`,
          name: `n${i % 5}`,
          body: '{"text":"\\u0000é"}',
          sightings: [{ list: "page", name: `/p/${i}`, example: '"x"' }],
        }),
      ),
    );
  const publish = { type: "publish", flow: "f", body: flow("f", "F"), note: "first" } as const;
  await storage.change("one", 0, [{ type: "put", kind: "flow", id: "f", body: flow("f", "F") }, publish], 5);
  await storage.addKey({ hash: "h", kind: "secret", environment: "one", createdAt: 1 });
  await storage.writeDocument("one", { collection: "state", id: "u1", expected: 0, body: "{}" }, 5);
}

/** Of each table how many rows it has and what is in them, whatever order they lie in. */
function sqliteChecksums(path: string): Record<string, string> {
  const database = openDatabase(path);
  const tables = database
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
    .all() as { name: string }[];
  const sums = tables.map(({ name }) => {
    const rows = database.prepare(`SELECT * FROM "${name}"`).all() as object[];
    const texts = rows.map((row) =>
      JSON.stringify(row, (_, value) =>
        value instanceof Uint8Array ? Buffer.from(value).toString("hex") : (value as unknown),
      ),
    );
    const sum = createHash("sha256").update(texts.sort().join("\n")).digest("hex");
    return [name, `${rows.length} ${sum}`];
  });
  database.close();
  return Object.fromEntries(sums) as Record<string, string>;
}

/** Who may do what with it, as `chmod` says. */
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe("a backup of SQLite", () => {
  it("is its owner's alone, as is what is restored of it, and a folder that Cairn makes", async () => {
    const dataDir = join(folder, "made-here");
    const storage = await openStorage({ dataDir });
    const file = join(folder, "mine.backup");
    await backupStore({ dataDir }, file);
    const restored = join(folder, "made-there");
    await restoreStore(file, { dataDir: restored });
    await storage.dispose();
    expect([dataDir, file, restored, join(restored, "cairn.db")].map(modeOf)).toEqual([
      "700",
      "600",
      "700",
      "600",
    ]);
  });

  it("restores to the same rows in every table", async () => {
    const dataDir = dirOf("source");
    const storage = await openStorage({ dataDir });
    await fill(storage);
    const file = join(folder, "plain.backup");
    await backupStore({ dataDir }, file);
    const restored = dirOf("restored");
    await restoreStore(file, { dataDir: restored });
    const sums = sqliteChecksums(join(dataDir, "cairn.db"));
    expect(sqliteChecksums(join(restored, "cairn.db"))).toEqual(sums);
    expect(Object.keys(sums).length).toBeGreaterThanOrEqual(12);
    expect(sums.events).toMatch(/^1000 /);
    // And a server goes on with it.
    const again = await openStorage({ dataDir: restored });
    expect(await again.definitions("one")).toEqual(await storage.definitions("one"));
    expect((await again.append("one", [event()])).accepted).toBe(1);
    await Promise.all([storage.dispose(), again.dispose()]);
  });

  it("is of one moment while events go on arriving: what is counted is what is there", async () => {
    const dataDir = dirOf("busy");
    const storage = await openStorage({ dataDir });
    let stop = false;
    const load = Array.from({ length: 4 }, async () => {
      while (!stop) await storage.append("one", [event({ name: "busy" }), event({ name: "busy" })]);
    });
    for (let n = 0; n < 3; n++) {
      await storage.append("one", [event({ name: "busy" })]);
      const file = join(folder, `busy-${n}.backup`);
      await backupStore({ dataDir }, file);
      const database = openDatabase(file);
      const [row] = database
        .prepare("SELECT (SELECT count(*) FROM events) AS stored, (SELECT sum(count) FROM kinds) AS counted")
        .all() as { stored: number; counted: number }[];
      database.close();
      expect(row?.stored).toBeGreaterThan(0);
      expect(row?.counted).toBe(row?.stored);
    }
    stop = true;
    await Promise.all(load);
    await storage.dispose();
  });

  it("refuses to write over a file, to restore what is damaged or foreign, and leaves nothing behind then", async () => {
    const dataDir = dirOf("refusing");
    await (await openStorage({ dataDir })).dispose();
    const file = join(folder, "once.backup");
    await backupStore({ dataDir }, file);
    await expect(backupStore({ dataDir }, file)).rejects.toThrow("There is a file already");
    const there = dirOf("there");
    await restoreStore(file, { dataDir: there });
    await expect(restoreStore(file, { dataDir: there })).rejects.toThrow("There is a database already");
    const running = await openStorage({ dataDir });
    await expect(restoreStore(file, { dataDir })).rejects.toThrow("A server is using");
    await running.dispose();
    const newer = join(folder, "newer.backup");
    await backupStore({ dataDir }, newer);
    const database = openDatabase(newer);
    database.exec("INSERT INTO kysely_migration VALUES ('9999-later', '2030-01-01')");
    database.close();
    await expect(restoreStore(newer, { dataDir: dirOf("older") })).rejects.toThrow(
      /a newer Cairn \(9999-later\)/,
    );
    await expect(backupStore({ dataDir: dirOf("empty") }, join(folder, "x"))).rejects.toThrow("no database");
    const target = dirOf("target");
    truncateSync(file, 20_000);
    await expect(restoreStore(file, { dataDir: target })).rejects.toThrow();
    const foreign = join(folder, "foreign");
    writeFileSync(foreign, "no database at all");
    await expect(restoreStore(foreign, { dataDir: target })).rejects.toThrow("not a database of Cairn");
    expect(existsSync(join(target, "cairn.db"))).toBe(false);
  });
});

/** Where Debian and its like keep each version that is installed. */
const INSTALLED = "/usr/lib/postgresql";

interface Matching {
  /** Of this server and of `pg_dump`. */
  readonly versions: string;
  /** The address of a new, empty database. */
  database(): Promise<string>;
  remove(): Promise<void>;
}

/**
 * A server that the installed `pg_dump` may ask, which has to be at least as new: the one of this run, else one of the
 * version that was installed with it. Only where neither is there, there is nothing to test, and the reason.
 */
async function serverForDump(): Promise<Matching | string> {
  let said: string;
  try {
    said = /[\d.]+/.exec(execFileSync("pg_dump", ["--version"], { encoding: "utf8" }))?.[0] ?? "";
  } catch {
    return "there is no pg_dump";
  }
  const dump = Number.parseInt(said, 10);
  const given = inject("postgresUrl");
  const runs = await versionOf(given);
  if (Number.parseInt(runs, 10) <= dump)
    return {
      versions: `pg_dump ${said}, server ${runs}`,
      database: async () => (await leaseDatabase()).url,
      remove: async () => {},
    };
  const bin = `${INSTALLED}/${dump}/bin`;
  if (!existsSync(join(bin, "postgres")))
    return `pg_dump is ${dump}, the server ${runs}, ${bin} is not there`;
  const own = await createPostgresServer({ bin });
  await own.start();
  let made = 0;
  return {
    versions: `pg_dump ${said}, server ${await versionOf(own.url())}`,
    async database() {
      const sql = postgres(own.url(), { max: 1 });
      const name = `backup_${++made}`;
      await sql`CREATE DATABASE ${sql(name)}`;
      await sql.end();
      return own.url(name);
    },
    remove: () => own.remove(),
  };
}

async function versionOf(url: string): Promise<string> {
  const sql = postgres(url, { max: 1 });
  const [row] = await sql<{ version: string }[]>`SELECT current_setting('server_version') AS version`;
  await sql.end();
  // Debian says who packed it, too.
  return row?.version.split(" ")[0] ?? "";
}

async function postgresChecksums(url: string): Promise<Record<string, string>> {
  const sql = postgres(url, { max: 1 });
  const tables = await sql<{ name: string }[]>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`;
  const sums: Record<string, string> = {};
  for (const { name } of tables) {
    const [row] = await sql<{ count: string; sum: string | null }[]>`
      SELECT count(*) AS count, md5(string_agg(t::text, E'\n' ORDER BY t::text COLLATE "C")) AS sum FROM ${sql(name)} t`;
    sums[name] = `${row?.count} ${row?.sum}`;
  }
  await sql.end();
  return sums;
}

describe("a backup of PostgreSQL", async () => {
  const server = await serverForDump();
  afterAll(async () => {
    if (typeof server !== "string") await server.remove();
  });
  it.skipIf(typeof server === "string")(
    `restores to the same rows in every table (${typeof server === "string" ? `not here: ${server}` : server.versions})`,
    async () => {
      if (typeof server === "string") return;
      const [from, to] = [await server.database(), await server.database()];
      const source = { dataDir: "", databaseUrl: from };
      const storage = await openStorage(source);
      await fill(storage);
      const file = join(folder, "postgres.backup");
      await backupStore(source, file);
      expect(modeOf(file)).toBe("600");
      const target = { dataDir: "", databaseUrl: to };
      await restoreStore(file, target);
      const sums = await postgresChecksums(from);
      expect(await postgresChecksums(to)).toEqual(sums);
      expect(sums.events).toMatch(/^1000 /);
      const again = await openStorage(target);
      expect(await again.definitions("one")).toEqual(await storage.definitions("one"));
      expect((await again.append("one", [event()])).accepted).toBe(1);
      await Promise.all([storage.dispose(), again.dispose()]);
      // Neither a file nor a database is written over, and what a newer Cairn wrote is left to it.
      await expect(backupStore(source, file)).rejects.toThrow("There is a file already");
      await expect(restoreStore(file, target)).rejects.toThrow("is in use already");
      const sql = postgres(from, { max: 1 });
      await sql`INSERT INTO kysely_migration VALUES ('9999-later', '2030-01-01')`;
      await sql.end();
      await backupStore(source, `${file}.newer`);
      const nowhere = { dataDir: "", databaseUrl: await server.database() };
      await expect(restoreStore(`${file}.newer`, nowhere)).rejects.toThrow(/a newer Cairn \(9999-later\)/);
    },
    60_000,
  );
});
