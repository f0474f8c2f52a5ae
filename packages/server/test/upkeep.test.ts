import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, describe, expect, it, vi } from "vitest";
import { openPostgresStorage } from "../src/storage/postgres/postgres-storage.ts";
import { openDatabase } from "../src/storage/sqlite/driver.ts";
import { openSqliteStorage } from "../src/storage/sqlite/sqlite-storage.ts";
import type { Storage } from "../src/storage/storage.ts";
import { leaseDatabase } from "./postgres/lease-database.ts";
import { allEvents, DAY, event, HOUR, MONDAY } from "./storage-contract/fixtures.ts";

const SOAK = process.env.CAIRN_SOAK === "1";
const GO_ON = new AbortController().signal;
const folder = mkdtempSync(join(tmpdir(), "cairn-upkeep-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Messages of some people, an hour apart. */
const messages = (count: number, people = 2) =>
  Array.from({ length: count }, (_, i) =>
    event({ userId: `u${i % people}`, at: MONDAY + i * HOUR, body: '{"traits":{}}' }),
  );

describe("an erasure that was cut short", () => {
  it("is ended by the next upkeep, on SQLite", async () => {
    const path = join(folder, "cut.db");
    const storage = await openSqliteStorage(path);
    await storage.append("one", messages(40));
    await storage.dispose();
    // As a process leaves it that is killed between the first commit and the last.
    const database = openDatabase(path);
    database.exec(`INSERT INTO erased SELECT id, environment_id FROM people WHERE user_id = 'u1';
      DELETE FROM people WHERE user_id = 'u1'; UPDATE report_epoch SET epoch = epoch + 1`);
    database.close();
    const again = await openSqliteStorage(path);
    await again.forget(null, GO_ON);
    expect((await again.eventCounts("one")).map(({ count }) => count)).toEqual([20]);
    expect(await allEvents(again)).toHaveLength(20);
    await again.dispose();
    const after = openDatabase(path);
    const left = "SELECT (SELECT count(*) FROM erased) AS erased, (SELECT count(*) FROM events) AS events";
    expect({ ...(after.prepare(left).get() as object) }).toEqual({ erased: 0, events: 20 });
    after.close();
  });

  it("is ended by the next upkeep, on PostgreSQL", async () => {
    const { url, giveBack } = await leaseDatabase();
    const storage = await openPostgresStorage(url);
    await storage.append("one", messages(40));
    const sql = postgres(url, { max: 1 });
    await sql`INSERT INTO erased SELECT id, environment_id FROM people WHERE user_id = 'u1'`;
    await sql`DELETE FROM people WHERE user_id = 'u1'`;
    await storage.forget(null, GO_ON);
    expect((await storage.eventCounts("one")).map(({ count }) => count)).toEqual([20]);
    const [left] = await sql`
      SELECT (SELECT count(*) FROM erased)::integer AS erased, (SELECT count(*) FROM events)::integer AS events,
        (SELECT count(*) FROM presence)::integer AS presence, (SELECT count(*) FROM message_ids)::integer AS ids`;
    expect({ ...left }).toEqual({ erased: 0, events: 20, presence: 20, ids: 20 });
    await sql.end();
    await storage.dispose();
    giveBack();
  });
});

describe("taking people away on PostgreSQL", () => {
  it("waits for whoever writes events, and they for it: nothing is written for a number that is gone", async () => {
    const { url, giveBack } = await leaseDatabase();
    const storage = await openPostgresStorage(url);
    await storage.append("one", messages(2));
    const sql = postgres(url, { max: 2 });
    const lock = (alone: boolean, body: (taken: postgres.TransactionSql) => Promise<void>) =>
      sql.begin(async (taken) => {
        await taken.unsafe(`SELECT pg_advisory_xact_lock${alone ? "" : "_shared"}(7226420004::bigint)`);
        await body(taken);
      });
    const waiting = () =>
      vi.waitFor(async () => {
        const rows = await sql`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;
        expect(rows).toHaveLength(1);
      }, 200_000);
    let late: Promise<unknown> = Promise.resolve();
    // As another server does it, which this one hears nothing of.
    await lock(true, async (taken) => {
      late = storage.append("one", [event({ userId: "u1", at: MONDAY + 5 * HOUR })]);
      await waiting();
      await taken`DELETE FROM presence WHERE person_id IN (SELECT id FROM people WHERE user_id = 'u1')`;
      await taken`DELETE FROM people WHERE user_id = 'u1'`;
      await taken`INSERT INTO people_epoch VALUES (1, 99) ON CONFLICT (id) DO UPDATE SET epoch = 99`;
    });
    await late;
    expect((await allEvents(storage)).map(({ userId, at }) => [userId, at])).toEqual([
      ["u0", MONDAY],
      ["u1", MONDAY + 5 * HOUR],
    ]);
    // And the other way round.
    const person = await storage.person("one", "u1");
    let erased: Promise<unknown> = Promise.resolve();
    await lock(false, async () => {
      erased = person === undefined ? Promise.resolve() : storage.erase("one", person, 1, []);
      await waiting();
    });
    expect(await erased).toEqual({ events: 1, states: 0 });
    await sql.end();
    await storage.dispose();
    giveBack();
  });
});

describe("retention on PostgreSQL", () => {
  it("drops whole months, counts nothing of them any more, and takes late messages of them in again", async () => {
    const { url, giveBack } = await leaseDatabase();
    const storage = await openPostgresStorage(url);
    const [year, month] = [new Date().getUTCFullYear(), new Date().getUTCMonth()];
    const monthAgo = (months: number) => Date.UTC(year, month - months, 10);
    const sightings = [{ list: "page", name: "/old", example: '"x"' }] as const;
    const body = '{"type":"page","properties":{"path":"/old"}}';
    const old = event({ type: "page", name: "$page", userId: "gone", at: monthAgo(5), body, sightings });
    await storage.append("one", [old, event({ at: monthAgo(1) }), event({ at: monthAgo(5) + DAY })]);
    const sql = postgres(url, { max: 1 });
    const partitions = async () =>
      (
        await sql<{ name: string }[]>`SELECT relname AS name FROM pg_class WHERE relkind = 'r'
        AND (relname LIKE 'events%' OR relname LIKE 'forgotten%') ORDER BY relname`
      ).map(({ name }) => name);
    const before = await partitions();
    expect(await storage.forget(Date.UTC(year, month - 3, 1), GO_ON)).toEqual({
      events: 2,
      people: 1,
      states: 0,
    });
    const dropped = before.filter(
      (name) => name < `events_${new Date(monthAgo(3)).toISOString().slice(0, 7).replace("-", "_")}`,
    );
    expect(dropped.length).toBeGreaterThan(0);
    expect(await partitions()).toEqual(before.filter((name) => !dropped.includes(name)));
    expect(await allEvents(storage)).toHaveLength(1);
    expect((await storage.eventCounts("one")).map(({ name, count }) => [name, count])).toEqual([
      ["report.viewed", 1],
    ]);
    expect(await storage.catalog("one")).toEqual([]);
    // Late by months: it is taken in, and goes with the next upkeep.
    expect((await storage.append("one", [event({ at: monthAgo(5) })])).accepted).toBe(1);
    expect(await allEvents(storage)).toHaveLength(2);
    expect((await storage.forget(Date.UTC(year, month - 3, 1), GO_ON))?.events).toBe(1);
    await sql.end();
    await storage.dispose();
    giveBack();
  });

  it("is done by one of several servers at a time", async () => {
    const { url, giveBack } = await leaseDatabase();
    const servers = await Promise.all([openPostgresStorage(url), openPostgresStorage(url)]);
    await servers[0]?.append("one", messages(400));
    const found = await Promise.all(servers.map((one) => one.forget(MONDAY + 9_999 * DAY, GO_ON)));
    expect(found.filter((one) => one === undefined)).toHaveLength(1);
    expect(found.find((one) => one !== undefined)?.events).toBe(400);
    // A server that remembers people who were taken away by another one writes them anew.
    await servers[1]?.append("one", messages(4));
    expect(await allEvents(servers[1] as Storage)).toHaveLength(4);
    await Promise.all(servers.map((one) => one.dispose()));
    giveBack();
  });
});

describe("events that arrive meanwhile", () => {
  const STORES = {
    SQLite: async () => ({ storage: await openSqliteStorage(join(folder, "busy.db")), end: () => {} }),
    PostgreSQL: async () => {
      const { url, giveBack } = await leaseDatabase();
      return { storage: await openPostgresStorage(url), end: giveBack };
    },
  };
  it.each(Object.entries(STORES))(
    "are stored between two slices of upkeep, on %s",
    async (name, open) => {
      const { storage, end } = await open();
      const stored = SOAK ? 200_000 : 4_000;
      for (let i = 0; i < stored; i += 2_000)
        await storage.append(
          "one",
          Array.from({ length: 2_000 }, (_, n) =>
            event({
              userId: `u${(i + n) % 500}`,
              at: MONDAY + Math.floor((i + n) / 10) * 60_000,
              body: '{"properties":{}}',
            }),
          ),
        );
      const waits: number[] = [];
      let going = true;
      const load = (async () => {
        while (going) {
          const begun = performance.now();
          await storage.append("one", [event({ userId: "busy", at: MONDAY + 999 * DAY })]);
          waits.push(performance.now() - begun);
          await new Promise((resolve) => setTimeout(resolve, 2));
        }
      })();
      const begun = performance.now();
      const person = await storage.person("one", "u7");
      const erased = person === undefined ? 0 : (await storage.erase("one", person, 1, [])).events;
      const middle = performance.now();
      const gone = await storage.forget(MONDAY + 998 * DAY, GO_ON);
      const ended = performance.now();
      going = false;
      await load;
      expect([erased, gone?.events]).toEqual([stored / 500, stored - stored / 500]);
      expect(await allEvents(storage)).toHaveLength(waits.length);
      waits.sort((a, b) => a - b);
      const at = (share: number) => Math.round(waits[Math.floor(waits.length * share)] ?? 0);
      console.log(
        `${name}: erased ${erased} events in ${Math.round(middle - begun)} ms, forgot ${gone?.events} in ${Math.round(ended - middle)} ms; meanwhile ${waits.length} appends, median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${at(0.9999)} ms`,
      );
      expect(waits.length).toBeGreaterThan(SOAK ? 100 : 1);
      await storage.dispose();
      end();
    },
    SOAK ? 600_000 : 60_000,
  );
});
