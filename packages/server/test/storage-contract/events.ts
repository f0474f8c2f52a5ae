import { expect, it } from "vitest";
import type { EventFilter } from "../../src/storage/storage.ts";
import { allEvents, event, type Fresh, MONDAY } from "./fixtures.ts";

/** What is stored, once, and how it is read. */
export function describeEvents(fresh: Fresh): void {
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
    expect(await allEvents(storage)).toEqual(records);
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
    expect((await allEvents(storage)).find((e) => e.messageId === "same")).toEqual(first);
    expect(await allEvents(storage)).toHaveLength(2);
    expect(await allEvents(storage, {}, "two")).toHaveLength(1);
    expect(await allEvents(storage, {}, "three")).toEqual([]);
  });

  it("answers many batches at once, each for itself, and counts every event once", async () => {
    const storage = await fresh();
    const batches = Array.from({ length: 100 }, (_, b) =>
      Array.from({ length: 20 }, (_, i) => event({ messageId: `c${(b * 13 + i) % 500}` })),
    );
    const results = await Promise.all(batches.map((batch) => storage.append("one", batch)));
    expect(results.reduce((sum, { accepted }) => sum + accepted, 0)).toBe(500);
    expect(results.reduce((sum, { duplicate }) => sum + duplicate, 0)).toBe(1500);
    expect(await allEvents(storage)).toHaveLength(500);
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
    expect((await allEvents(storage)).map((e) => e.messageId)).toEqual(expected.map((e) => e.messageId));
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
    const found = await allEvents(storage, { names: ["n2", "n0", "n2", "none"] });
    expect(found.map((e) => e.messageId)).toEqual(expected.map((e) => e.messageId));
  });

  it("filters by name, person, account and time, from inclusive, to exclusive", async () => {
    const storage = await fresh();
    const a = event({ at: 100, name: "x", userId: "u1", accountId: "a1" });
    const b = event({ at: 200, name: "y", userId: null, anonymousId: "u1" });
    const c = event({ at: 300, name: "z", userId: "u2", accountId: "a1" });
    await storage.append("one", [c, a, b]);
    const ids = async (filter: EventFilter) => (await allEvents(storage, filter)).map((e) => e.name);
    expect(await ids({ names: ["x", "z"] })).toEqual(["x", "z"]);
    expect(await ids({ people: ["u1"] })).toEqual(["x", "y"]);
    expect(await ids({ account: "a1" })).toEqual(["x", "z"]);
    expect(await ids({ from: 100, to: 300 })).toEqual(["x", "y"]);
    expect(await ids({ from: 101 })).toEqual(["y", "z"]);
    expect(await ids({ names: [] })).toEqual([]);
    expect(await ids({ names: ["x"], people: ["u2"] })).toEqual([]);
  });
}
