import type { Message } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import { backoff, isFresh, judge, MAX_AGE_MS, type Outcome, retryAfterMs, takeBatch } from "./queue.ts";

const NOW = Date.UTC(2026, 0, 5, 9);
const message = (n: number, fields: Partial<Message> = {}): Message => ({
  type: "track",
  messageId: String(n).padStart(6, "0"),
  timestamp: new Date(NOW).toISOString(),
  event: "report.viewed",
  ...fields,
});
const answer = (status: number, retryAfter: string | null = null): Outcome => ({
  status,
  ok: status === 200,
  retryAfter,
});

describe("what follows an answer", () => {
  const table: [status: number, verdict: string][] = [
    [200, "stored"],
    [301, "stop"],
    [400, "refused"],
    [401, "stop"],
    [403, "stop"],
    [404, "stop"],
    [408, "again"],
    [413, "split"],
    [425, "again"],
    [429, "again"],
    [500, "again"],
    [502, "again"],
    [503, "again"],
  ];
  it.each(table)("%i means %s", (status, verdict) => {
    expect(judge(answer(status), 10, 500, NOW)).toBe(verdict === "again" ? 500 : verdict);
  });

  it("tries again when 200 does not come from a Cairn server, or nothing comes", () => {
    expect(judge({ ...answer(200), ok: false }, 10, 500, NOW)).toBe(500);
    expect(judge(undefined, 10, 500, NOW)).toBe(500);
  });

  it("gives up a single event that is too large", () => {
    expect(judge(answer(413), 1, 500, NOW)).toBe("refused");
  });

  it("waits up to twice as long after each failure, five minutes at most, with full jitter", () => {
    expect([0, 1, 2, 3].map((attempt) => backoff(attempt, 1))).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(backoff(5_000, 1)).toBe(300_000);
    expect(backoff(5, 0.5)).toBe(16_000);
  });

  it("never comes back before Retry-After, in either form", () => {
    expect(judge(answer(429, "30"), 10, 500, NOW)).toBe(30_500);
    expect(judge(answer(503, new Date(NOW + 60_000).toUTCString()), 10, 500, NOW)).toBe(60_500);
  });

  it("reads Retry-After with care", () => {
    for (const header of [null, "", "soon", "-5", "1e9", new Date(NOW - 1).toUTCString()])
      expect(retryAfterMs(header, NOW)).toBe(0);
    expect(retryAfterMs("999999999", NOW)).toBe(86_400_000);
  });
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
