import type { Message } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import { sightingsOf } from "./sightings.ts";

const message = { messageId: "m1", timestamp: "2026-11-20T11:00:00.000Z", userId: "u1" };
const of = (more: object) =>
  sightingsOf({ ...message, ...more } as unknown as Message, (name) => name !== "bad");

describe("sightingsOf", () => {
  it("reads attributes as dotted paths, and gives null no example", () => {
    const traits = { plan: { name: "pro", tags: ["a"] }, seats: null, bad: 1, "": 2 };
    const found = [
      { name: "plan.name", example: '"pro"' },
      { name: "plan.tags", example: '["a"]' },
      { name: "seats" },
    ];
    expect(of({ type: "identify", traits })).toEqual(found.map((one) => ({ list: "user", ...one })));
    expect(of({ type: "group", groupId: "a1", traits })).toEqual(
      found.map((one) => ({ list: "account", ...one })),
    );
  });

  it("reads pages and anchors, and nothing of other events", () => {
    const context = { page: { path: "/home" }, cairn: { anchors: ["menu", 7, ""] } };
    expect(of({ type: "page", context })).toEqual([
      { list: "page", name: "/home" },
      { list: "anchor", name: "menu" },
    ]);
    const used = (target: unknown) =>
      of({ type: "track", event: "cairn.feature.used", properties: { target } });
    expect(used("export")).toEqual([{ list: "anchor", name: "export" }]);
    expect(used({ anchor: "export" })).toEqual([{ list: "anchor", name: "export" }]);
    expect(used("[data-x]")).toEqual([]);
    expect(of({ type: "track", event: "report.viewed", context, properties: { target: "x" } })).toEqual([]);
  });

  it("leaves out what is too long to be a name or an example", () => {
    expect(of({ type: "identify", traits: { ["k".repeat(513)]: 1, note: "x".repeat(2_000) } })).toEqual([
      { list: "user", name: "note" },
    ]);
  });
});
