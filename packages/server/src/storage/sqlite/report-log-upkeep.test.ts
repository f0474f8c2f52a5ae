import { afterEach, describe, expect, it } from "vitest";
import { QUESTION, readable } from "../../../test/readable-report-data.ts";
import type { ArrivingEvent } from "../event-store.ts";
import type { SqliteDatabase } from "./driver.ts";
import { createKysely } from "./kysely-dialect.ts";
import { migrate } from "./migrations.ts";
import { openConnection } from "./open-connection.ts";
import { packBatch } from "./packed-batch.ts";
import { ensureReportLog, rebuildReportLog } from "./rebuild-report-log.ts";
import { forgetBefore, noticeErasure } from "./report-log-upkeep.ts";
import { createSqliteReports } from "./sqlite-reports.ts";
import { createWriter } from "./writer.ts";

const START = Date.parse("2026-11-02T00:00:00Z");
const HOUR = 3_600_000;
const names = ["report.viewed", "cairn.feature.used", "cairn.step.shown", "$page", "$identify"];

function records(count: number): ArrivingEvent[] {
  return Array.from({ length: count }, (_, i) => {
    const name = names[i % names.length] ?? "";
    const properties = { flow: "tour", step: `s${i % 3}`, feature: "export", plan: i % 2 };
    return {
      messageId: `m${i}`,
      type: name.startsWith("$") ? (name.slice(1) as "page") : "track",
      name,
      at: START + i * 600_000,
      receivedAt: START,
      verified: false,
      userId: `u${i % 7}`,
      anonymousId: null,
      accountId: null,
      active: name !== "$identify",
      body: JSON.stringify({
        properties,
        traits: { plan: i % 2 },
        context: { cairn: { seq: i, run: `r${i}` } },
      }),
    };
  });
}

describe("the report log", () => {
  const opened: SqliteDatabase[] = [];
  afterEach(() => {
    for (const database of opened.splice(0)) database.close();
  });
  const filled = async (events: readonly ArrivingEvent[]) => {
    const database = openConnection(":memory:");
    opened.push(database);
    await migrate(createKysely(database));
    const writer = createWriter(database);
    for (let i = 0; i < events.length; i += 50)
      writer.append([packBatch("one", events.slice(i, i + 50)), packBatch("two", events.slice(0, 10))]);
    const idOf = (name: string) =>
      (database.prepare("SELECT id FROM environments WHERE name = ?").get(name) as { id: number }).id;
    const reports = createSqliteReports({ database, idOf });
    const read = async (environment = "one") => readable(await reports.reportData(environment, QUESTION));
    return { database, writer, read, id: idOf("one") };
  };

  it("is made anew from the events as it was kept beside them", async () => {
    const { database, read } = await filled(records(400));
    const kept = await read();
    rebuildReportLog(database);
    expect(await read()).toEqual(kept);
    // As an earlier Cairn left it.
    database.exec("DELETE FROM report_log");
    ensureReportLog(database);
    expect(await read()).toEqual(kept);
    const before = database.prepare("SELECT count(*) AS n, max(id) AS id FROM report_log").get();
    ensureReportLog(database);
    expect(database.prepare("SELECT count(*) AS n, max(id) AS id FROM report_log").get()).toEqual(before);
  });

  it("knows nothing from before the day that retention keeps from, and goes on from there", async () => {
    const all = records(400);
    const { database, writer, read, id } = await filled(all);
    const elsewhere = await read("two");
    await read();
    const cutoff = START + 30 * HOUR;
    database.exec(`DELETE FROM events WHERE environment_id = ${id} AND at < ${cutoff}`);
    let after = 0;
    do after = forgetBefore(database, id, cutoff, after);
    while (after > 0);
    const left = await filled(all.filter(({ at }) => at >= cutoff));
    const expected = await left.read();
    const found = await read();
    for (const part of ["people", "activity", "events", "features", "flows"] as const)
      expect(found[part]).toEqual(expected[part]);
    expect(await read("two")).toEqual(elsewhere);
    const late = { ...(all[0] as ArrivingEvent), messageId: "late", at: cutoff + 1 };
    writer.append([packBatch("one", [late])]);
    expect((await read()).events[0]?.[1]).toHaveLength((found.events[0]?.[1]?.length ?? 0) + 1);
  });

  it("has nobody behind the numbers of erased people, and gives none of them to another", async () => {
    const { database, read } = await filled(records(100));
    await read();
    const erased = database.prepare("SELECT id FROM people WHERE user_id = 'u6'").all() as { id: number }[];
    database.exec("DELETE FROM events WHERE person_id IN (SELECT id FROM people WHERE user_id = 'u6')");
    database.exec("DELETE FROM people WHERE id >= (SELECT min(id) FROM people WHERE user_id = 'u6')");
    noticeErasure(database);
    expect(JSON.stringify((await read()).people)).not.toContain("u6");
    createWriter(database).append([
      packBatch("one", [{ ...(records(1)[0] as ArrivingEvent), messageId: "new", userId: "newcomer" }]),
    ]);
    const [one] = database.prepare("SELECT id FROM people WHERE user_id = 'newcomer'").all() as {
      id: number;
    }[];
    expect(erased.map(({ id }) => id)).not.toContain(one?.id);
    expect((await read()).people.filter((person) => person.includes("newcomer"))).toHaveLength(1);
  });
});
