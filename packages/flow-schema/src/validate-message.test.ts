import { describe, expect, it } from "vitest";
import { MESSAGES } from "../test/messages.ts";
import { validateMessage } from "./validate-message.ts";

const TRACK = {
  type: "track",
  messageId: "m1",
  timestamp: "2026-03-01T09:00:00Z",
  userId: "u1",
  event: "report.viewed",
};

describe("validateMessage", () => {
  it.each(MESSAGES)("gives back a $type message as it is", (message) => {
    const result = validateMessage(message);
    expect(result.ok && result.value).toBe(message);
  });

  it("takes fields of other clients", () => {
    expect(
      validateMessage({ ...TRACK, integrations: { All: true }, channel: "web", originalTimestamp: "x" }).ok,
    ).toBe(true);
  });

  it("leaves out ids that are null or empty, as some clients send them", () => {
    const message = { ...TRACK, userId: "", anonymousId: "a1", groupId: null };
    const { userId: _, ...rest } = TRACK;
    expect(validateMessage(message)).toEqual({ ok: true, value: { ...rest, anonymousId: "a1" } });
  });

  it.each([
    ["no object", 5, "", "wrong-type"],
    ["a list", [], "", "wrong-type"],
    ["no type", { ...TRACK, type: undefined }, "", "missing-field"],
    ["an unknown type", { ...TRACK, type: "alias" }, "/type", "not-allowed-value"],
    ["no id", { ...TRACK, messageId: undefined }, "", "missing-field"],
    ["an empty id", { ...TRACK, messageId: "" }, "/messageId", "wrong-length"],
    ["a long id", { ...TRACK, messageId: "x".repeat(129) }, "/messageId", "wrong-length"],
    ["a number as id", { ...TRACK, messageId: 7 }, "/messageId", "wrong-type"],
    ["no time", { ...TRACK, timestamp: undefined }, "", "missing-field"],
    ["a time without zone", { ...TRACK, timestamp: "2026-03-01T09:00:00" }, "/timestamp", "bad-date"],
    ["a day that does not exist", { ...TRACK, timestamp: "2026-02-29T09:00:00Z" }, "/timestamp", "bad-date"],
    ["nobody", { ...TRACK, userId: null }, "", "missing-field"],
    ["a number as user", { ...TRACK, userId: 7 }, "/userId", "wrong-type"],
    ["a number as anonymous id", { ...TRACK, anonymousId: 7 }, "/anonymousId", "wrong-type"],
    ["a track without event", { ...TRACK, event: undefined }, "", "missing-field"],
    ["a long event", { ...TRACK, event: "x".repeat(201) }, "/event", "wrong-length"],
    ["a made-up event of the SDK", { ...TRACK, event: "cairn.flow.opened" }, "/event", "reserved-name"],
    ["a group without account", { ...TRACK, type: "group" }, "", "missing-field"],
    ["a page with a number as name", { ...TRACK, type: "page", name: 7 }, "/name", "wrong-type"],
    ["properties as a list", { ...TRACK, properties: [] }, "/properties", "wrong-type"],
    ["traits as text", { ...TRACK, traits: "x" }, "/traits", "wrong-type"],
    [
      "a forbidden key",
      { ...TRACK, properties: { a: [JSON.parse('{"__proto__": 1}')] } },
      "/properties",
      "forbidden-key",
    ],
    [
      "a session number of nothing",
      { ...TRACK, context: { cairn: { session: "s", seq: 0, tab: "t", sdk: "1" } } },
      "/context/cairn/seq",
      "out-of-range",
    ],
    [
      "a session that is no text",
      { ...TRACK, context: { cairn: { session: 1, seq: 1, tab: "t", sdk: "1" } } },
      "/context/cairn",
      "wrong-type",
    ],
  ])("refuses %s", (_, value, path, code) => {
    const result = validateMessage(value);
    expect(result.ok ? {} : { path: result.problem.path, code: result.problem.code }).toEqual({ path, code });
  });

  it("takes what the SDK records", () => {
    expect(validateMessage({ ...TRACK, event: "cairn.flow.shown" }).ok).toBe(true);
  });

  it("survives a getter that throws", () => {
    const hostile = Object.defineProperty({ ...TRACK }, "event", {
      get: () => {
        throw new Error("trap");
      },
    });
    expect(validateMessage(hostile).ok).toBe(false);
  });
});
