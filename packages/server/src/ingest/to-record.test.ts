import { describe, expect, it } from "vitest";
import { toRecord } from "./to-record.ts";

const arrival = { receivedAt: Date.parse("2026-11-20T12:00:00Z"), verified: false, newId: () => "made" };
const track = {
  type: "track",
  messageId: "m1",
  timestamp: "2026-11-20T11:00:00.000Z",
  event: "report.viewed",
  userId: "u1",
};

describe("toRecord", () => {
  it("keeps the message as it was sent, and takes out what is asked for", () => {
    const { record } = toRecord({ ...track, context: { groupId: "a1" }, extra: 1 }, arrival);
    expect(record).toMatchObject({
      messageId: "m1",
      name: "report.viewed",
      at: Date.parse("2026-11-20T11:00:00Z"),
      userId: "u1",
      anonymousId: null,
      accountId: "a1",
      active: true,
      verified: false,
    });
    expect(JSON.parse(record?.body ?? "")).toEqual({ ...track, context: { groupId: "a1" }, extra: 1 });
  });

  it("keeps the text that was sent, unless something in it was not the sender's to say", () => {
    const text = JSON.stringify(track).replace("m1", "\\u006d1");
    expect(toRecord(JSON.parse(text), arrival, text).record?.body).toBe(text);
    for (const more of [{ verified: true }, { anonymousId: "" }]) {
      const sent = { ...track, ...more };
      expect(toRecord(sent, arrival, JSON.stringify(sent)).record?.body).toBe(JSON.stringify(track));
    }
  });

  it("fills in a missing id and time", () => {
    const { record } = toRecord({ type: "page", anonymousId: "n1" }, arrival);
    expect(record).toMatchObject({ messageId: "made", at: arrival.receivedAt, name: "$page" });
    expect(JSON.parse(record?.body ?? "").timestamp).toBe("2026-11-20T12:00:00.000Z");
  });

  it("takes a group's own id as its account", () => {
    expect(toRecord({ ...track, type: "group", groupId: "a9" }, arrival).record).toMatchObject({
      accountId: "a9",
      name: "$group",
      active: false,
    });
  });

  it("does not take what Cairn records as activity, but for the use of a feature", () => {
    const active = (event: string) => toRecord({ ...track, event }, arrival).record?.active;
    expect(active("cairn.flow.shown")).toBe(false);
    expect(active("cairn.feature.used")).toBe(true);
  });

  it("lets nobody say when a message was received or that it is verified", () => {
    const { record } = toRecord({ ...track, receivedAt: "1999", verified: true }, arrival);
    expect(record?.verified).toBe(false);
    expect(record?.body).not.toContain("1999");
  });

  it("refuses what no store could keep", () => {
    expect(toRecord({ ...track, userId: "a\u0000b" }, arrival).refusal?.code).toBe("not-allowed-value");
    expect(toRecord({ ...track, event: "a\ud800" }, arrival).refusal?.code).toBe("not-allowed-value");
    expect(toRecord({ ...track, context: { groupId: 7 } }, arrival).refusal?.code).toBe("wrong-type");
    expect(toRecord({ ...track, timestamp: "yesterday" }, arrival).refusal?.code).toBe("bad-date");
    expect(toRecord({ ...track, properties: { x: "x".repeat(70_000) } }, arrival).refusal?.code).toBe(
      "too-large",
    );
    expect(toRecord(null, arrival).refusal?.code).toBe("wrong-type");
  });

  it.each([".", ".."])("refuses an id that no address can hold, so that nobody could erase it: %s", (id) => {
    for (const whose of [{ userId: id }, { anonymousId: id }, { context: { groupId: id } }])
      expect(toRecord({ ...track, ...whose }, arrival).refusal?.code).toBe("not-allowed-value");
    expect(toRecord({ ...track, userId: `${id}x` }, arrival).refusal).toBeUndefined();
  });

  it("keeps whole emoji in names", () => {
    expect(toRecord({ ...track, event: "😀 opened" }, arrival).record?.name).toBe("😀 opened");
  });
});
