import fc from "fast-check";
import { expect, it } from "vitest";
import { CATALOG_LIMIT } from "../../src/storage/event-store.ts";
import { createScannedReports } from "../../src/storage/scanned-reports.ts";
import type { EventRecord } from "../../src/storage/storage.ts";
import { naiveCatalog } from "../naive-catalog.ts";
import { QUESTION, readable } from "../readable-report-data.ts";
import { allEvents, event, type Fresh, HOUR, MONDAY } from "./fixtures.ts";

/** What is counted beside the events. */
export function describeRollups(fresh: Fresh): void {
  it("keeps for reports what a reading of all events finds, while they come in", async () => {
    const properties = fc.record(
      {
        flow: fc.constantFrom("tour", "hint"),
        feature: fc.constantFrom("export", "share"),
        step: fc.constantFrom("one", "two"),
        reason: fc.constantFrom("budget", "я\u0000\ud800"),
        outcome: fc.constantFrom("shown", "held", "odd"),
        start: fc.constantFrom("trigger", "forced"),
        count: fc.integer({ min: -2, max: 9 }),
        run: fc.constantFrom("r1", "r2"),
        plan: fc.constantFrom(1, 2),
      },
      { requiredKeys: [] },
    );
    const record = fc
      .record({
        type: fc.constantFrom("track", "track", "track", "page", "identify", "group"),
        track: fc.constantFrom(
          "report.viewed",
          "cairn.feature.used",
          "cairn.flow.held",
          "cairn.flow.decided",
          "cairn.step.shown",
          "cairn.target.missing",
        ),
        userId: fc.constantFrom(null, "u1", "u2"),
        anonymousId: fc.constantFrom("n1", "n2"),
        accountId: fc.constantFrom(null, "a1"),
        at: fc.oneof(
          fc.integer({ min: MONDAY - 3 * HOUR, max: MONDAY + 3 * HOUR }),
          fc.constantFrom(-1, 0, -5_000_000_000, 8.64e15, -8.64e15, 2 ** 32, 2 ** 32 - 1),
        ),
        active: fc.boolean(),
        messageId: fc.integer({ min: 0, max: 60 }).map((n) => `m-${n}`),
        properties,
        seq: fc.constantFrom(1, 2.5, -3, 1e300),
      })
      .map(({ track, type, properties, seq, ...rest }) => ({
        ...rest,
        type: type as EventRecord["type"],
        name: type === "track" ? track : `$${type}`,
        body: JSON.stringify({
          properties,
          traits: properties,
          context: { cairn: { seq, run: "r3" }, app: { version: "1.0" } },
        }),
      }));
    let runs = 0;
    // One store, and an environment for each run: opening a store costs more than the run itself.
    const storage = await fresh();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(record, { maxLength: 20 }), { maxLength: 5 }), async (batches) => {
        runs += 1;
        const environment = `run ${runs}`;
        for (const batch of batches) {
          await storage.append(
            environment,
            batch.map((part) => event(part)),
          );
          const scanned = await createScannedReports(storage).reportData(environment, QUESTION);
          expect(readable(await storage.reportData(environment, QUESTION))).toEqual(readable(scanned));
        }
        expect(readable(await storage.reportData("two", QUESTION)).people).toEqual([]);
      }),
      { numRuns: 12 },
    );
    expect(runs).toBeGreaterThanOrEqual(12);
  });

  it("counts events by name, with the latest as example", async () => {
    const storage = await fresh();
    await storage.append("one", [
      event({ name: "b", at: 300, body: '{"last":true}' }),
      event({ name: "b", at: 200 }),
      event({ name: "a", at: 100, body: "{}" }),
    ]);
    expect(await storage.eventCounts("one")).toEqual([
      { name: "a", count: 1, lastAt: 100, example: "{}" },
      { name: "b", count: 2, lastAt: 300, example: '{"last":true}' },
    ]);
  });

  it("counts each event once when some of a batch were stored before", async () => {
    const storage = await fresh();
    await storage.append("one", [
      event({ messageId: "d3", name: "n" }),
      event({ messageId: "d14", name: "n" }),
    ]);
    const batch = Array.from({ length: 25 }, (_, i) => event({ messageId: `d${i % 23}`, name: "n" }));
    expect(await storage.append("one", batch)).toEqual({ accepted: 21, duplicate: 4 });
    expect((await storage.eventCounts("one")).map(({ count }) => count)).toEqual([23]);
    expect(await allEvents(storage)).toHaveLength(23);
  });

  it("keeps what was verified, and what counts as activity, apart under one name", async () => {
    const storage = await fresh();
    const records = [
      event({ at: 100, name: "x", verified: true, active: false }),
      event({ at: 200, name: "x", body: '{"last":1}' }),
      event({ at: 150, name: "x", verified: true, type: "page" }),
    ];
    await storage.append("one", records);
    expect(await allEvents(storage, { names: ["x"] })).toEqual([records[0], records[2], records[1]]);
    expect(await storage.eventCounts("one")).toEqual([
      { name: "x", count: 3, lastAt: 200, example: '{"last":1}' },
    ]);
  });

  it("adds sightings up to the catalog as a plain recount over the stored events does", async () => {
    const sighting = fc
      .record({
        list: fc.constantFrom("user", "account", "anchor", "page"),
        name: fc.constantFrom("a", "b c", "b"),
        example: fc.option(fc.constantFrom('"x"', "7", '{"y":"я"}'), { nil: undefined }),
      })
      .map(({ example, ...rest }) => (example === undefined ? rest : { ...rest, example }));
    const record = fc.record({
      at: fc.integer({ min: -3, max: 3 }).map((n) => MONDAY + n),
      messageId: fc.integer({ min: 0, max: 30 }).map((n) => `m-${n}`),
      sightings: fc.array(sighting, { maxLength: 4 }),
    });
    const storage = await fresh();
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(record, { maxLength: 14 }), { maxLength: 5 }), async (batches) => {
        runs += 1;
        const environment = `run ${runs}`;
        const arrived = batches.map((batch) => batch.map((part) => event(part)));
        for (const batch of arrived) await storage.append(environment, batch);
        const found = [...(await storage.catalog(environment))];
        const order = ({ list, name }: { list: string; name: string }) => `${list} ${name}`;
        expect(found.sort((a, b) => (order(a) < order(b) ? -1 : 1))).toEqual(naiveCatalog(arrived.flat()));
        expect(await storage.catalog("two")).toEqual([]);
      }),
      { numRuns: 25 },
    );
    expect(runs).toBeGreaterThanOrEqual(25);
  });

  it("bounds each list of the catalog, and goes on counting what is in it", async () => {
    const storage = await fresh();
    const page = (n: number) => event({ sightings: [{ list: "page", name: `/p/${n}` }] });
    await storage.append(
      "one",
      Array.from({ length: CATALOG_LIMIT + 10 }, (_, n) => page(n)),
    );
    await storage.append("one", [page(0), page(CATALOG_LIMIT + 5)]);
    await storage.append("one", [event({ sightings: [{ list: "anchor", name: "export" }] })]);
    const rows = await storage.catalog("one");
    expect(rows).toHaveLength(CATALOG_LIMIT + 1);
    expect(rows.find(({ name }) => name === "/p/0")?.count).toBe(2);
  });
}
