import { describe, expect, it } from "vitest";
import { MESSAGES } from "../../test/messages.ts";
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

  it("says what was found and what to send instead", () => {
    const said = (value: unknown) => {
      const result = validateMessage(value);
      return result.ok ? "" : `${result.problem.message}; ${result.problem.fix}`;
    };
    expect({
      nothing: said(5),
      type: said({ ...TRACK, type: "Page" }),
      "no type": said({ ...TRACK, type: undefined }),
      "no id": said({ ...TRACK, messageId: null }),
      "long id": said({ ...TRACK, userId: "x".repeat(257) }),
      "no time": said({ ...TRACK, timestamp: undefined }),
      time: said({ ...TRACK, timestamp: "2026-02-29T09:00:00Z" }),
      "time as number": said({ ...TRACK, timestamp: 5 }),
      who: said({ ...TRACK, userId: "" }),
      account: said({ ...TRACK, type: "group" }),
      name: said({ ...TRACK, event: "cairn.x" }),
      list: said({ ...TRACK, properties: [1] }),
      key: said({ ...TRACK, context: { constructor: 1 } }),
      cairn: said({ ...TRACK, context: { cairn: {} } }),
      "no number": said({ ...TRACK, context: { cairn: { session: "s", tab: "t", sdk: "1" } } }),
    }).toEqual({
      nothing: 'found 5 where a message is expected; send an object such as {"type": "track", …}',
      type: '"Page" is not a type of message; did you mean "page"?',
      "no type": 'a message has no "type"; add "type": "track", "identify", "group" or "page"',
      "no id": 'the message has no "messageId"; send "messageId" as text of 1 to 128 characters',
      "long id": '"userId" has 257 characters; send "userId" as text of 1 to 256 characters',
      "no time":
        'the message has no "timestamp"; send ISO 8601 with a zone, such as "2026-03-01T09:00:00.000Z"',
      time: '"2026-02-29T09:00:00Z" is not a moment in time; send ISO 8601 with a zone, such as "2026-03-01T09:00:00.000Z"',
      "time as number":
        '5 is not a moment in time; send ISO 8601 with a zone, such as "2026-03-01T09:00:00.000Z"',
      who: 'the message does not say who; add "userId" or "anonymousId"',
      account: 'the message has no "groupId"; send "groupId" as text of 1 to 256 characters',
      name: '"cairn.x" begins with "cairn.", which is kept for the SDK; give the event a name of your own',
      list: '"properties" is a list; send "properties" as an object',
      key: 'a field of "context" is called "constructor"; give the field another name',
      cairn: '"cairn" holds other values than the SDK writes; leave it to the SDK',
      "no number": '"seq" is undefined; count messages from 1',
    });
  });

  it("counts a text in UTF-16 units, as every other limit does", () => {
    expect(validateMessage({ ...TRACK, messageId: "😀".repeat(64) }).ok).toBe(true);
    expect(validateMessage({ ...TRACK, messageId: "😀".repeat(65) }).ok).toBe(false);
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
