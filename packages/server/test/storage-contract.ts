// Over 300 lines: one suite, so that every store is held to all of it at once.
import type { Feature, Flow, Segment } from "@cairn/flow-schema";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import {
  type ArrivingEvent,
  CATALOG_LIMIT,
  type EventFilter,
  type EventRecord,
  type Storage,
  weekStart,
} from "../src/storage/storage.ts";
import { naiveCatalog } from "./naive-catalog.ts";

const MONDAY = Date.parse("2026-11-02T00:00:00Z");
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let made = 0;
function event(more: Partial<ArrivingEvent> = {}): ArrivingEvent {
  made += 1;
  const at = more.at ?? MONDAY + made;
  return {
    messageId: `m${made}`,
    type: "track",
    name: "report.viewed",
    at,
    receivedAt: at + 5,
    verified: false,
    userId: "u1",
    anonymousId: null,
    accountId: null,
    active: true,
    body: `{"n":${made}}`,
    ...more,
  };
}
const flow = (id: string, name: string) =>
  ({ schemaVersion: 1, id, kind: "tooltip", name, steps: [] }) as unknown as Flow;

/** What every store must do. `open` gives a fresh, empty one. */
export function describeStorage(name: string, open: () => Promise<Storage>): void {
  describe(`storage contract: ${name}`, () => {
    const opened: Storage[] = [];
    const fresh = async () => {
      const storage = await open();
      opened.push(storage);
      return storage;
    };
    afterEach(async () => {
      for (const storage of opened.splice(0)) await storage.dispose();
    });
    const all = async (storage: Storage, filter: EventFilter = {}, environment = "one") => {
      const found: EventRecord[] = [];
      for await (const chunk of storage.events(environment, filter)) found.push(...chunk);
      return found;
    };

    it("gives back an event as it was stored", async () => {
      const storage = await fresh();
      const records = [
        event({
          accountId: "a1",
          anonymousId: "anon",
          verified: true,
          name: "имя",
          body: '{"x":"\\u0000é"}',
        }),
        event({ userId: null, anonymousId: "anon", type: "page", name: "$page", active: false }),
      ];
      expect(await storage.append("one", records)).toEqual({ accepted: 2, duplicate: 0 });
      expect(await all(storage)).toEqual(records);
    });

    it("stores a message id once per environment, within a batch and over batches", async () => {
      const storage = await fresh();
      const first = event({ messageId: "same" });
      expect(await storage.append("one", [first, event({ messageId: "same", name: "other" })])).toEqual({
        accepted: 1,
        duplicate: 1,
      });
      expect(await storage.append("one", [event({ messageId: "same" }), event()])).toEqual({
        accepted: 1,
        duplicate: 1,
      });
      expect(await storage.append("two", [event({ messageId: "same" })])).toEqual({
        accepted: 1,
        duplicate: 0,
      });
      expect((await all(storage)).find((e) => e.messageId === "same")).toEqual(first);
      expect(await all(storage)).toHaveLength(2);
      expect(await all(storage, {}, "two")).toHaveLength(1);
      expect(await all(storage, {}, "three")).toEqual([]);
    });

    it("answers many batches at once, each for itself, and counts every event once", async () => {
      const storage = await fresh();
      const batches = Array.from({ length: 100 }, (_, b) =>
        Array.from({ length: 20 }, (_, i) => event({ messageId: `c${(b * 13 + i) % 500}` })),
      );
      const results = await Promise.all(batches.map((batch) => storage.append("one", batch)));
      expect(results.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(500);
      expect(results.reduce((sum, { duplicate }) => sum + duplicate, 0)).toBe(1500);
      expect(await all(storage)).toHaveLength(500);
    });

    it("reads events by time, then message id, over more than one chunk", async () => {
      const storage = await fresh();
      const records = Array.from({ length: 2_500 }, (_, i) =>
        event({ messageId: `k${(i * 7919) % 2_500}`, at: MONDAY + (i % 7) }),
      );
      await storage.append("one", records);
      const expected = [...records].sort(
        (a, b) => a.at - b.at || Buffer.compare(Buffer.from(a.messageId), Buffer.from(b.messageId)),
      );
      expect((await all(storage)).map((e) => e.messageId)).toEqual(expected.map((e) => e.messageId));
    });

    it("reads several names in one order, over more than one chunk of each", async () => {
      const storage = await fresh();
      const records = Array.from({ length: 4_200 }, (_, i) =>
        event({ name: `n${i % 3}`, messageId: `x${(i * 7919) % 4_200}`, at: MONDAY + (i % 11) }),
      );
      await storage.append("one", records);
      const expected = records
        .filter(({ name }) => name !== "n1")
        .sort((a, b) => a.at - b.at || (a.messageId < b.messageId ? -1 : 1));
      const found = await all(storage, { names: ["n2", "n0", "n2", "none"] });
      expect(found.map((e) => e.messageId)).toEqual(expected.map((e) => e.messageId));
    });

    it("filters by name, person, account and time, from inclusive, to exclusive", async () => {
      const storage = await fresh();
      const a = event({ at: 100, name: "x", userId: "u1", accountId: "a1" });
      const b = event({ at: 200, name: "y", userId: null, anonymousId: "u1" });
      const c = event({ at: 300, name: "z", userId: "u2", accountId: "a1" });
      await storage.append("one", [c, a, b]);
      const ids = async (filter: EventFilter) => (await all(storage, filter)).map((e) => e.name);
      expect(await ids({ names: ["x", "z"] })).toEqual(["x", "z"]);
      expect(await ids({ people: ["u1"] })).toEqual(["x", "y"]);
      expect(await ids({ account: "a1" })).toEqual(["x", "z"]);
      expect(await ids({ from: 100, to: 300 })).toEqual(["x", "y"]);
      expect(await ids({ from: 101 })).toEqual(["y", "z"]);
      expect(await ids({ names: [] })).toEqual([]);
      expect(await ids({ names: ["x"], people: ["u2"] })).toEqual([]);
    });

    it("pools activity as a plain count over the same events does", async () => {
      const record = fc.record({
        userId: fc.constantFrom(null, "u1", "u2"),
        anonymousId: fc.constantFrom("n1", "n2"),
        accountId: fc.constantFrom(null, "a1"),
        at: fc.integer({ min: MONDAY - 20 * DAY, max: MONDAY + 20 * DAY }),
        active: fc.boolean(),
        messageId: fc.integer({ min: 0, max: 40 }).map((n) => `m-${n}`),
      });
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.array(record, { maxLength: 12 }), { maxLength: 6 }),
          fc.integer({ min: -25, max: 25 }),
          fc.integer({ min: 1, max: 40 * 24 }),
          async (batches, fromDay, hours) => {
            runs += 1;
            const storage = await fresh();
            for (const batch of batches)
              await storage.append(
                "one",
                batch.map((part) => event(part)),
              );
            const events = await all(storage);
            const from = MONDAY + fromDay * DAY;
            const to = from + hours * HOUR;
            const key = (e: Pick<EventRecord, "userId" | "anonymousId" | "accountId">) =>
              `${e.userId}/${e.anonymousId}/${e.accountId}`;
            const between = events.filter((e) => e.active && e.at >= from && e.at < to).map(key);
            expect((await storage.activeBetween("one", from, to)).map(key).sort()).toEqual(
              [...new Set(between)].sort(),
            );
            const weeks = new Map<string, EventRecord[]>();
            for (const e of events) {
              const group = `${key(e)}/${weekStart(e.at)}`;
              weeks.set(group, [...(weeks.get(group) ?? []), e]);
            }
            const expected = [...weeks].map(([group, list]) => [
              group,
              Math.min(...list.map((e) => e.at)),
              Math.max(...list.map((e) => e.at)),
              list.some((e) => e.active),
            ]);
            const found = (await storage.activity("one")).map((row) => [
              `${key(row)}/${row.week}`,
              row.first,
              row.last,
              row.active,
            ]);
            expect(found.sort()).toEqual(expected.sort());
          },
        ),
        { numRuns: 25 },
      );
      expect(runs).toBeGreaterThanOrEqual(25);
    }, 30_000);

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
      expect(await all(storage)).toHaveLength(23);
    });

    it("keeps what was verified, and what counts as activity, apart under one name", async () => {
      const storage = await fresh();
      const records = [
        event({ at: 100, name: "x", verified: true, active: false }),
        event({ at: 200, name: "x", body: '{"last":1}' }),
        event({ at: 150, name: "x", verified: true, type: "page" }),
      ];
      await storage.append("one", records);
      expect(await all(storage, { names: ["x"] })).toEqual([records[0], records[2], records[1]]);
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
      let runs = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(record, { maxLength: 14 }), { maxLength: 5 }), async (batches) => {
          runs += 1;
          const storage = await fresh();
          const arrived = batches.map((batch) => batch.map((part) => event(part)));
          for (const batch of arrived) await storage.append("one", batch);
          const found = [...(await storage.catalog("one"))];
          const order = ({ list, name }: { list: string; name: string }) => `${list} ${name}`;
          expect(found.sort((a, b) => (order(a) < order(b) ? -1 : 1))).toEqual(naiveCatalog(arrived.flat()));
          expect(await storage.catalog("two")).toEqual([]);
        }),
        { numRuns: 25 },
      );
      expect(runs).toBeGreaterThanOrEqual(25);
    }, 30_000);

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

    it("keeps drafts apart from what is live, and numbers versions from 1", async () => {
      const storage = await fresh();
      expect(await storage.definitions("one")).toEqual({
        revision: 0,
        drafts: [],
        live: [],
        features: [],
        segments: [],
        settings: null,
      });
      const put = { type: "put", kind: "flow", id: "f", body: flow("f", "One") } as const;
      expect(await storage.change("one", 0, [put], 1000)).toBe(true);
      expect((await storage.definitions("one")).live).toEqual([]);
      const publish = { type: "publish", flow: "f", body: flow("f", "One"), note: null } as const;
      expect(await storage.change("one", 1, [publish], 2000)).toBe(true);
      expect(await storage.change("one", 2, [{ ...publish, note: "again" }], 3000)).toBe(true);
      const { drafts, live, revision } = await storage.definitions("one");
      expect(revision).toBe(3);
      expect(drafts).toEqual([
        { kind: "flow", id: "f", revision: 1, updatedAt: 1000, body: flow("f", "One") },
      ]);
      expect(live.map((v) => [v.flow, v.version, v.publishedAt, v.note])).toEqual([["f", 2, 3000, "again"]]);
      expect((await storage.versions("one", "f")).map((v) => v.version)).toEqual([2, 1]);
      expect(await storage.versions("two", "f")).toEqual([]);
    });

    it("goes on numbering when a deleted flow is published again", async () => {
      const storage = await fresh();
      const publish = { type: "publish", flow: "f", body: flow("f", "One"), note: null } as const;
      await storage.change("one", 0, [publish], 1);
      await storage.change("one", 1, [{ type: "delete", kind: "flow", id: "f" }], 2);
      expect((await storage.definitions("one")).live).toEqual([]);
      expect(await storage.versions("one", "f")).toHaveLength(1);
      await storage.change("one", 2, [publish, { ...publish, flow: "g" }], 3);
      expect((await storage.definitions("one")).live.map((v) => `${v.flow}${v.version}`)).toEqual([
        "f2",
        "g1",
      ]);
    });

    it("changes nothing when another change came in between", async () => {
      const storage = await fresh();
      const put = (name: string) => ({ type: "put", kind: "flow", id: "f", body: flow("f", name) }) as const;
      const results = await Promise.all([
        storage.change("one", 0, [put("A")], 1),
        storage.change("one", 0, [put("B")], 1),
      ]);
      expect(results).toEqual([true, false]);
      expect((await storage.definitions("one")).drafts.map((d) => d.body.name)).toEqual(["A"]);
      expect((await storage.definitions("two")).drafts).toEqual([]);
    });

    it("keeps features, segments and settings by kind and id, in order of id", async () => {
      const storage = await fresh();
      const feature = (id: string) => ({ id, name: id }) as unknown as Feature;
      await storage.change(
        "one",
        0,
        [
          { type: "put", kind: "feature", id: "b", body: feature("b") },
          { type: "put", kind: "feature", id: "a", body: feature("a") },
          {
            type: "put",
            kind: "segment",
            id: "a",
            body: { id: "a", where: { all: [] } } as unknown as Segment,
          },
          { type: "put", kind: "settings", id: "", body: { enabled: false } },
        ],
        1,
      );
      const { features, segments, settings } = await storage.definitions("one");
      expect(features.map((row) => row.id)).toEqual(["a", "b"]);
      expect(segments.map((row) => row.id)).toEqual(["a"]);
      expect(settings?.body).toEqual({ enabled: false });
      await storage.change("one", 1, [{ type: "delete", kind: "settings", id: "" }], 2);
      expect((await storage.definitions("one")).settings).toBeNull();
    });

    it("keeps keys, and answers a probe", async () => {
      const storage = await fresh();
      const key = { hash: "h", kind: "secret", environment: "one", createdAt: 1 } as const;
      await storage.addKey(key);
      expect(await storage.keys()).toEqual([key]);
      await storage.probe(1);
      await storage.probe(2);
    });
  });
}
