import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { QUESTION, readable } from "../../../test/readable-report-data.ts";
import type { ArrivingEvent } from "../event-store.ts";
import { openDatabase, type SqliteDatabase, transaction } from "./driver.ts";
import { createKysely } from "./kysely-dialect.ts";
import { createRecentMerger } from "./merge-recent.ts";
import { migrate } from "./migrations.ts";
import { packBatch } from "./packed-batch.ts";
import { rebuildReportLog } from "./rebuild-report-log.ts";
import { createSqliteReports } from "./sqlite-reports.ts";
import { createWriter } from "./writer.ts";

const START = Date.parse("2026-11-02T00:00:00Z");
const NAMES = ["report.viewed", "cairn.feature.used", "cairn.step.shown", "$page"];

function event(i: number): ArrivingEvent {
  const name = NAMES[i % NAMES.length] ?? "";
  const properties = { flow: "tour", step: `s${i % 3}`, feature: "export" };
  return {
    messageId: `m${i}`,
    type: name === "$page" ? "page" : "track",
    name,
    at: START + i * 400_000,
    receivedAt: START,
    verified: false,
    userId: `u${i % 5}`,
    anonymousId: null,
    accountId: null,
    active: true,
    body: JSON.stringify({ properties, context: { cairn: { seq: i, run: `r${i % 9}` } } }),
  };
}

describe("mergeRecent", () => {
  const opened: SqliteDatabase[] = [];
  afterEach(() => {
    for (const database of opened.splice(0)) database.close();
  });
  const open = async () => {
    const database = openDatabase(":memory:");
    opened.push(database);
    await migrate(createKysely(database));
    const merge = createRecentMerger(database);
    const reader = () => {
      const reports = createSqliteReports({ database, idOf: () => 1 });
      return async () => readable(await reports.reportData("one", QUESTION));
    };
    const writer = createWriter(database);
    return { database, writer, reader, merge: () => transaction(database, merge) };
  };
  const rows = (database: SqliteDatabase) =>
    database.prepare("SELECT list, length(data) AS bytes FROM report_log ORDER BY id").all() as {
      list: number;
      bytes: number;
    }[];

  it("changes no answer, whenever it is done and whatever a reader had read before", async () => {
    const step = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant("merge"), fc.constant("read"));
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        runs += 1;
        const { database, writer, reader, merge } = await open();
        const read = reader();
        let count = 0;
        for (const what of steps) {
          if (what === "merge") merge();
          else if (what === "read") await read();
          else
            writer.append([
              packBatch(
                "one",
                Array.from({ length: Number(what) }, () => event(count++)),
              ),
            ]);
        }
        const found = await read();
        expect(found).toEqual(await reader()());
        rebuildReportLog(database);
        expect(found).toEqual(await reader()());
      }),
      { numRuns: 60, seed: 20_261_122 },
    );
    expect(runs).toBe(60);
  });

  it("leaves rows of about a page, each of whole records, and nothing beside them", async () => {
    const { database, writer, merge } = await open();
    for (let commit = 0; commit < 8; commit++) {
      writer.append([
        packBatch(
          "one",
          Array.from({ length: 900 }, (_, i) => event(commit * 900 + i)),
        ),
      ]);
      if (commit % 3 === 2) merge();
    }
    merge();
    expect(database.prepare("SELECT count(*) AS n FROM report_recent").get()).toMatchObject({ n: 0 });
    const found = rows(database);
    expect(found.length).toBeGreaterThan(20);
    for (const { list, bytes } of found) {
      expect(bytes).toBeLessThanOrEqual(6_000);
      expect(bytes % (list === 3 ? 36 : 12)).toBe(0);
    }
    // None but the last of each list and key has room for another record.
    expect(found.filter(({ bytes }) => bytes < 5_964).length).toBeLessThanOrEqual(7);
  });

  it("is done by a commit when much has been added, and by none before", async () => {
    const { database, writer } = await open();
    writer.append([
      packBatch(
        "one",
        Array.from({ length: 500 }, (_, i) => event(i)),
      ),
    ]);
    expect(rows(database)).toEqual([]);
    for (let commit = 1; commit < 40; commit++)
      writer.append([
        packBatch(
          "one",
          Array.from({ length: 900 }, (_, i) => event(commit * 900 + i)),
        ),
      ]);
    expect(rows(database).length).toBeGreaterThan(50);
    const { bytes } = database.prepare("SELECT sum(length(data)) AS bytes FROM report_recent").get() as {
      bytes: number;
    };
    expect(bytes).toBeLessThan(512_000);
  });
});
