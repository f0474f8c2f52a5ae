import type { Message } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import { isFresh, MAX_AGE_MS, takeBatch } from "./queue.ts";

const NOW = Date.UTC(2026, 0, 5, 9);
const message = (n: number, fields: Partial<Message> = {}): Message => ({
  type: "track",
  messageId: String(n).padStart(6, "0"),
  timestamp: new Date(NOW).toISOString(),
  event: "report.viewed",
  ...fields,
});

describe("batches", () => {
  it("take the longest row from the front that fits", () => {
    const messages = [1, 2, 3, 4].map((n) => message(n));
    const size = JSON.stringify(messages[0]).length + 1;
    const ids = (bytes: number) => takeBatch(messages, bytes).map(({ messageId }) => Number(messageId));
    expect(ids(1e9)).toEqual([1, 2, 3, 4]);
    expect(ids(3 * size)).toEqual([1, 2, 3]);
    expect(ids(3 * size - 1)).toEqual([1, 2]);
    expect(ids(10)).toEqual([]);
  });

  it("count bytes, not characters", () => {
    const messages = [message(1, { name: "я".repeat(100) }), message(2)];
    const characters = JSON.stringify(messages[0]).length + JSON.stringify(messages[1]).length + 2;
    expect(takeBatch(messages, characters)).toHaveLength(1);
  });

  it("take nothing that is damaged or older than a week", () => {
    for (const mess of [null, undefined, "text", 7, {}, { messageId: "1" }, { timestamp: "2026-01-05" }])
      expect(isFresh(mess as never, NOW)).toBe(false);
    expect(isFresh(message(1, { timestamp: new Date(NOW - MAX_AGE_MS).toISOString() }), NOW)).toBe(true);
    expect(isFresh(message(1, { timestamp: new Date(NOW - MAX_AGE_MS - 1).toISOString() }), NOW)).toBe(false);
  });
});
