import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ArrivingEvent, EventFilter, EventRecord } from "../event-store.ts";
import { openDatabase, type SqliteDatabase } from "./driver.ts";
import { createKysely } from "./kysely-dialect.ts";
import { migrate } from "./migrations.ts";
import { packBatch } from "./packed-batch.ts";
import { readEvents } from "./read-events.ts";
import { createPropertiesReader } from "./read-properties.ts";
import { createWriter } from "./writer.ts";

/** More than are looked at in one go, whether in order of time or one by one. */
const COUNT = 60_000;
const START = Date.parse("2026-11-02T00:00:00Z");
/** A third of all stand in one millisecond, across two stretches; the others come in no order. */
const momentOf = (i: number) => START + (i % 3 === 0 ? COUNT / 2 : (i * 7_919) % COUNT);

function event(i: number): ArrivingEvent {
  const name = i % 997 === 0 ? "rare" : i % 1_500 === 1 ? "also.rare" : "often";
  return {
    messageId: `m${String((i * 31) % COUNT).padStart(6, "0")}-${i}`,
    type: "track",
    name,
    at: momentOf(i),
    receivedAt: START,
    verified: false,
    userId: `u${i % 4_001}`,
    anonymousId: null,
    accountId: `a${i % 401}`,
    active: true,
    body: JSON.stringify({ properties: { i } }),
  };
}

describe("of 60,000 events", () => {
  const database: SqliteDatabase = openDatabase(":memory:");
  const all = Array.from({ length: COUNT }, (_, i) => event(i));
  beforeAll(async () => {
    await migrate(createKysely(database));
    const writer = createWriter(database);
    for (let i = 0; i < COUNT; i += 2_000) writer.append([packBatch("one", all.slice(i, i + 2_000))]);
  });
  afterAll(() => database.close());

  const read = async (filter: EventFilter) => {
    const found: string[] = [];
    for await (const chunk of readEvents(database, 1, filter))
      found.push(...chunk.map(({ messageId }) => messageId));
    return found;
  };
  const naive = (wanted: (event: EventRecord) => boolean) =>
    all
      .filter(wanted)
      .sort((a, b) => a.at - b.at || (a.messageId < b.messageId ? -1 : 1))
      .map(({ messageId }) => messageId);

  it.each<[what: string, EventFilter, (event: EventRecord) => boolean]>([
    ["all", {}, () => true],
    ["a rare name", { names: ["rare"] }, ({ name }) => name === "rare"],
    ["two names", { names: ["rare", "also.rare"] }, ({ name }) => name !== "often"],
    ["a person", { people: ["u7"] }, ({ userId }) => userId === "u7"],
    ["an account", { account: "a7", names: ["often"] }, (e) => e.accountId === "a7" && e.name === "often"],
    [
      "a stretch of time",
      { names: ["rare"], from: START + 5_000, to: START + 45_000 },
      ({ name, at }) => name === "rare" && at >= START + 5_000 && at < START + 45_000,
    ],
    ["a name that nobody sent", { names: ["never"] }, () => false],
  ])("%s are read in order, each once", async (_, filter, wanted) => {
    expect(await read(filter)).toEqual(naive(wanted));
  });

  it("the properties of a kind are read once, whether many or few are new", () => {
    const { id } = database.prepare("SELECT id FROM kinds WHERE name = 'rare'").get() as { id: number };
    const reader = createPropertiesReader(database, 1);
    const readFrom = (after: number) => {
      const found: unknown[] = [];
      const until = reader(id, after, (_, __, properties) => found.push((properties as { i: number }).i));
      expect(until).toBe(COUNT);
      return found.sort((a, b) => Number(a) - Number(b));
    };
    const rare = all.flatMap(({ name }, i) => (name === "rare" ? [i] : []));
    expect(readFrom(0)).toEqual(rare);
    // Ids begin with 1.
    expect(readFrom(30_000)).toEqual(rare.filter((i) => i >= 30_000));
    expect(readFrom(COUNT)).toEqual([]);
  });
});
