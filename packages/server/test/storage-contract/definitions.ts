import type { Feature, Segment } from "@cairn/flow-schema";
import { expect, it } from "vitest";
import { type Fresh, flow } from "./fixtures.ts";

/** Drafts, versions, what is live. */
export function describeDefinitions(fresh: Fresh): void {
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
    expect(drafts).toEqual([{ kind: "flow", id: "f", revision: 1, updatedAt: 1000, body: flow("f", "One") }]);
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
    expect((await storage.definitions("one")).live.map((v) => `${v.flow}${v.version}`)).toEqual(["f2", "g1"]);
  });

  it("changes nothing when another change came in between", async () => {
    const storage = await fresh();
    const put = (name: string) => ({ type: "put", kind: "flow", id: "f", body: flow("f", name) }) as const;
    const results = await Promise.all([
      storage.change("one", 0, [put("A")], 1),
      storage.change("one", 0, [put("B")], 1),
    ]);
    expect([...results].sort()).toEqual([false, true]);
    const winner = results[0] ? "A" : "B";
    expect((await storage.definitions("one")).drafts.map((d) => d.body.name)).toEqual([winner]);
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
}
