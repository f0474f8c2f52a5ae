import { sql } from "kysely";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDatabase, type SqliteDatabase } from "./driver.ts";
import { createKysely } from "./kysely-dialect.ts";
import { MIGRATIONS, migrate } from "./migrations.ts";

let database: SqliteDatabase;
beforeEach(() => {
  database = openDatabase(":memory:");
});
afterEach(() => database.close());
const tables = () =>
  (
    database.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all() as {
      name: string;
    }[]
  )
    .map(({ name }) => name)
    .filter((name) => !name.startsWith("kysely"));

describe("migrate", () => {
  it("brings an empty database to the present schema, and does nothing the second time", async () => {
    await migrate(createKysely(database));
    const first = tables();
    expect(first).toContain("events");
    await migrate(createKysely(database));
    expect(tables()).toEqual(first);
  });

  it("refuses a database that a newer Cairn has written, and says what to do", async () => {
    const newer = {
      ...MIGRATIONS,
      "9999-from-the-future": { up: async () => {} },
    };
    await migrate(createKysely(database), newer);
    await expect(migrate(createKysely(database))).rejects.toThrow(
      /newer Cairn.*9999-from-the-future.*Upgrade Cairn/,
    );
  });

  it("leaves nothing behind of a migration that fails half-way", async () => {
    const half = {
      "0001-half": {
        async up(db: ReturnType<typeof createKysely>) {
          await sql`CREATE TABLE half (id INTEGER)`.execute(db);
          throw new Error("half-way");
        },
      },
    };
    await expect(migrate(createKysely(database), half)).rejects.toThrow("half-way");
    expect(tables()).toEqual([]);
    await migrate(createKysely(database));
    expect(tables()).toContain("events");
  });

  it("finds what people said of themselves in the events of an earlier Cairn", async () => {
    const { "0050-traits": _, ...earlier } = MIGRATIONS;
    await migrate(createKysely(database), earlier);
    database.exec(`
      INSERT INTO kinds VALUES (1, 1, '$identify', 'identify', 0, 0, 2, 9), (2, 1, 'x', 'track', 1, 0, 1, 9);
      INSERT INTO events VALUES (4, 1, 'a', 1, 7, 9, 9, '{"traits":{"plan":"pro"}}'),
        (5, 1, 'b', 2, 7, 9, 9, '{"traits":{"plan":"no"}}'), (6, 1, 'c', 1, 7, 9, 9, '{}')`);
    await migrate(createKysely(database));
    expect(database.prepare("SELECT * FROM traits").all()).toEqual([
      { event_id: 4, kind_id: 1, person_id: 7, at: 9, message_id: "a", traits: '{"plan":"pro"}' },
    ]);
  });
});
