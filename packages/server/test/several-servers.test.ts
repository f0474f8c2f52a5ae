import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import postgres from "postgres";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CONFIG_AGE_MS, CONFIG_STALE_MS } from "../src/storage/definition-store.ts";
import { CATALOG_LIMIT } from "../src/storage/event-store.ts";
import { createLanes } from "../src/storage/postgres/lanes.ts";
import { MIGRATIONS, migrate } from "../src/storage/postgres/migrations.ts";
import { openPostgresStorage } from "../src/storage/postgres/postgres-storage.ts";
import { createScannedReports } from "../src/storage/scanned-reports.ts";
import type { Storage } from "../src/storage/storage.ts";
import { isStoreUnavailable } from "../src/storage/store-unavailable.ts";
import { leaseDatabase } from "./postgres/lease-database.ts";
import { QUESTION, readable } from "./readable-report-data.ts";
import { allEvents, event, flow } from "./storage-contract/fixtures.ts";
import { createTestServer, PUBLIC_KEY, tooltip } from "./test-server.ts";

let url = "";
let giveBack = () => {};
let opened: Storage[] = [];
beforeEach(async () => {
  ({ url, giveBack } = await leaseDatabase());
});
afterEach(async () => {
  for (const storage of opened) await storage.dispose();
  opened = [];
  giveBack();
});
const open = async () => {
  const storage = await openPostgresStorage(url);
  opened.push(storage);
  return storage;
};
const monthsOf = async () => {
  const sql = postgres(url, { max: 1 });
  const rows = await sql<{ name: string }[]>`
    SELECT relname AS name FROM pg_inherits JOIN pg_class ON oid = inhrelid
    WHERE inhparent = 'events'::regclass ORDER BY relname`;
  await sql.end();
  return rows.map(({ name }) => name);
};

/** Another address of the same database, which can be closed: then nobody answers there, and who was there is cut off. */
async function wayTo(url: string) {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        for (const one of [near, far]) one.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  const listen = (at: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject).listen(at, "127.0.0.1", resolve);
    });
  await listen(0);
  const own = (server.address() as AddressInfo).port;
  const way = new URL(url);
  way.port = `${own}`;
  way.hostname = "127.0.0.1";
  return {
    url: way.href,
    open: () => listen(own),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
        sockets.clear();
      }),
  };
}

describe("several servers on one PostgreSQL", () => {
  it("start at once on an empty database, and each finds the whole schema", async () => {
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    await sql.unsafe("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    await sql.end();
    const storages = await Promise.all([open(), open(), open()]);
    for (const storage of storages) await storage.probe(1);
    expect((await monthsOf()).length).toBeGreaterThanOrEqual(4);
  });

  it("store each message id once, whichever of them it was sent to, and count it once", async () => {
    const [a, b] = await Promise.all([open(), open()]);
    const batches = Array.from({ length: 40 }, (_, n) =>
      Array.from({ length: 25 }, (_, i) => {
        const id = (n * 17 + i * 7) % 400;
        return event({
          messageId: `m${id}`,
          name: `n${id % 6}`,
          userId: `u${id % 11}`,
          at: Date.UTC(2026, id % 12, 1 + (id % 27)),
          sightings: [{ list: "page", name: `/p/${id % 9}` }],
        });
      }),
    );
    const answers = await Promise.all(
      batches.flatMap((batch) => [a.append("one", batch), b.append("one", [...batch].reverse())]),
    );
    expect(answers.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(400);
    expect(answers.reduce((sum, { duplicate }) => sum + duplicate, 0)).toBe(2 * 40 * 25 - 400);
    const events = await allEvents(a);
    expect(new Set(events.map(({ messageId }) => messageId)).size).toBe(400);
    expect(events).toHaveLength(400);
    expect((await b.eventCounts("one")).reduce((sum, { count }) => sum + count, 0)).toBe(400);
    expect((await a.catalog("one")).reduce((sum, { count }) => sum + count, 0)).toBe(400);
    const scanned = readable(await createScannedReports(a).reportData("one", QUESTION));
    expect(readable(await b.reportData("one", QUESTION))).toEqual(scanned);
  });

  it("see each other's definitions at once, and only one of them makes a change", async () => {
    const [a, b] = await Promise.all([open(), open()]);
    for (let n = 0; n < 10; n++) {
      const name = `round ${n}`;
      const put = { type: "put", kind: "flow", id: "f", body: flow("f", name) } as const;
      const publish = { type: "publish", flow: "f", body: flow("f", name), note: null } as const;
      const won = await Promise.all([a, b].map((storage) => storage.change("one", n, [put, publish], n)));
      expect([...won].sort()).toEqual([false, true]);
      for (const storage of [a, b]) {
        const { revision, live } = await storage.definitions("one");
        expect([revision, live[0]?.version, live[0]?.body.name]).toEqual([n + 1, n + 1, name]);
      }
    }
  });

  it("serve the config from memory, their own changes at once and another's after a second", async () => {
    let clock = 0;
    const start = async () => {
      const storage = await openPostgresStorage(url, { clock: () => clock });
      opened.push(storage);
      return { storage, ...createTestServer({ storage }) };
    };
    const [a, b] = [await start(), await start()];
    const configOf = async (server: typeof a) => {
      const response = await server.app.request(`/v1/config?key=${PUBLIC_KEY}`);
      const { flows } = (await response.json()) as { flows: { version: number }[] };
      return flows.map(({ version }) => version);
    };
    expect((await a.send("PUT", "/v1/flows/hint", tooltip("hint"))).status).toBe(201);
    const publish = async () => (await a.send("POST", "/v1/flows/hint/publish", {})).status;
    await publish();
    expect([await configOf(a), await configOf(b)]).toEqual([[1], [1]]);
    for (let version = 2; version < 5; version++) {
      await publish();
      expect(await configOf(a)).toEqual([version]);
      clock += CONFIG_AGE_MS - 1;
      // Asked a moment too early: nothing was asked of the database.
      expect(await configOf(b)).toEqual([version - 1]);
      clock += 1;
      expect(await configOf(b)).toEqual([version]);
    }
    // What decides something is never old: B publishes upon what A did just now.
    await publish();
    await b.send("POST", "/v1/flows/hint/publish", {});
    expect(await configOf(b)).toEqual([6]);
    clock += CONFIG_AGE_MS;
    expect(await configOf(a)).toEqual([6]);
    const { revision } = await a.storage.definitions("production");
    const put = { type: "put", kind: "flow", id: "f", body: flow("f", "changed") } as const;
    expect(await a.storage.change("production", revision, [put], clock)).toBe(true);
    expect((await a.storage.recentDefinitions("production")).revision).toBe(revision + 1);
  });

  it("serve the config that they knew last while the database is away, for ten minutes", async () => {
    const way = await wayTo(url);
    let clock = 0;
    const storage = await openPostgresStorage(way.url, { clock: () => clock });
    opened.push(storage);
    const server = createTestServer({ storage });
    await server.send("PUT", "/v1/flows/hint", tooltip("hint"));
    await server.send("POST", "/v1/flows/hint/publish", {});
    const ask = () => server.app.request(`/v1/config?key=${PUBLIC_KEY}`);
    const known = await (await ask()).text();
    await way.close();
    clock += CONFIG_STALE_MS - 1;
    const stale = await ask();
    expect([stale.status, await stale.text()]).toEqual([200, known]);
    // What decides something asks the database, and says that it is away.
    expect((await server.send("GET", "/v1/flows")).status).toBe(503);
    clock += 1;
    expect((await ask()).status).toBe(503);
    await way.open();
    expect((await ask()).status).toBe(200);
    await storage.dispose();
    opened = [];
    await way.close();
  });

  it("keep the catalog's bound together", async () => {
    const [a, b] = await Promise.all([open(), open()]);
    const pages = (from: number) =>
      Array.from({ length: 1_500 }, (_, n) => event({ sightings: [{ list: "page", name: `/${from + n}` }] }));
    await Promise.all([a.append("one", pages(0)), b.append("one", pages(10_000))]);
    expect(await a.catalog("one")).toHaveLength(CATALOG_LIMIT);
  });
});

describe("months of events", () => {
  it("have partitions of their own from 36 months ago to two ahead; what lies outside shares one", async () => {
    const storage = await open();
    const now = new Date();
    const month = (n: number) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + n, 15);
    const times = [month(0), month(-5), month(-40), month(7), -1, 8.64e15];
    await storage.append(
      "one",
      times.map((at) => event({ at })),
    );
    const name = (at: number) => `events_${new Date(at).toISOString().slice(0, 7).replace("-", "_")}`;
    const made = await monthsOf();
    expect(made).toContain("events_rest");
    for (const n of [-5, 0, 1, 2]) expect(made).toContain(name(month(n)));
    for (const n of [-40, 7]) expect(made).not.toContain(name(month(n)));
    expect((await allEvents(storage)).map(({ at }) => at)).toEqual([...times].sort((a, b) => a - b));
  });

  it("take over what came before they were made", async () => {
    const storage = await open();
    const at = Date.UTC(2026, 2, 1);
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    await sql.unsafe("DROP TABLE IF EXISTS events_2026_03, events_2026_02, events_2026_04");
    // As a server does whose clock says that these months are far away.
    await storage.append("one", [event({ at: Date.UTC(2031, 1, 1) })]);
    await sql`UPDATE events SET at = ${at}`;
    const again = await open();
    expect((await again.append("one", [event({ at: at + 5 })])).accepted).toBe(1);
    const [row] = await sql<{ count: string }[]>`SELECT count(*) AS count FROM events_2026_03`;
    expect(Number(row?.count)).toBe(2);
    expect(await allEvents(again)).toHaveLength(2);
    await sql.end();
  });
});

describe("opening PostgreSQL", () => {
  it("refuses a database that a newer Cairn has written, and says what to do", async () => {
    await open();
    const lanes = createLanes(url, 2);
    await migrate(lanes, { ...MIGRATIONS, "9999-from-the-future": { up: async () => {} } });
    await expect(openPostgresStorage(url)).rejects.toThrow(
      /newer Cairn.*9999-from-the-future.*Upgrade Cairn/,
    );
    await lanes.transaction((sql) => sql`DELETE FROM kysely_migration WHERE name LIKE '9999%'`);
    await lanes.end();
  });

  it("says that a server is not there as something that passes", async () => {
    const storage = await open();
    // Its connections are cut, as by a restart.
    const sql = postgres(url, { max: 1 });
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid()`;
    const settled = await Promise.allSettled([storage.append("one", [event()]), storage.probe(1)]);
    for (const one of settled)
      if (one.status === "rejected") expect(isStoreUnavailable(one.reason)).toBe(true);
    expect((await storage.append("one", [event()])).accepted).toBe(1);
    await sql.end();
  });
});
