import type { Message } from "@cairn/flow-schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  evict,
  judge,
  MAX_AGE_MS,
  MAX_QUEUED_BYTES,
  MAX_QUEUED_EVENTS,
  type Outcome,
  retryAfterMs,
  takeBatch,
} from "./queue.ts";

const NOW = Date.UTC(2026, 0, 5, 9);
const message = (n: number, fields: Partial<Message> = {}): Message => ({
  type: "track",
  messageId: String(n).padStart(6, "0"),
  timestamp: new Date(NOW).toISOString(),
  event: "report.viewed",
  ...fields,
});
const answer = (status: number, retryAfter: string | null = null): Outcome => ({
  kind: "answer",
  status,
  ok: status === 200,
  retryAfter,
});
const about = { attempt: 0, batchSize: 10, random: 0.5, now: NOW };

describe("what follows an answer", () => {
  const table: [status: number, verdict: string][] = [
    [200, "delete"],
    [301, "stop"],
    [400, "drop"],
    [401, "stop"],
    [403, "stop"],
    [404, "stop"],
    [408, "retry"],
    [413, "split"],
    [425, "retry"],
    [429, "retry"],
    [500, "retry"],
    [502, "retry"],
    [503, "retry"],
  ];
  it.each(table)("%i means %s", (status, kind) => {
    expect(judge(answer(status), about).kind).toBe(kind);
  });

  it("tries again when 200 does not come from a Cairn server", () => {
    expect(judge({ kind: "answer", status: 200, ok: false, retryAfter: null }, about).kind).toBe("retry");
  });

  it("gives up a single event that is too large", () => {
    expect(judge(answer(413), { ...about, batchSize: 1 }).kind).toBe("drop");
  });

  it("waits up to twice as long after each failure, five minutes at most, with full jitter", () => {
    const wait = (attempt: number, random: number) => judge({ kind: "lost" }, { ...about, attempt, random });
    expect([0, 1, 2, 3].map((attempt) => wait(attempt, 1))).toEqual(
      [1_000, 2_000, 4_000, 8_000].map((afterMs) => ({ kind: "retry", afterMs })),
    );
    expect(wait(1_000, 1)).toEqual({ kind: "retry", afterMs: 300_000 });
    expect(wait(5, 0)).toEqual({ kind: "retry", afterMs: 0 });
  });

  it("never comes back before Retry-After, in either form", () => {
    expect(judge(answer(429, "30"), about)).toEqual({ kind: "retry", afterMs: 30_500 });
    const date = new Date(NOW + 60_000).toUTCString();
    expect(judge(answer(503, date), about)).toEqual({ kind: "retry", afterMs: 60_500 });
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
    const ids = (events: number, bytes: number, force = false) =>
      takeBatch(messages, { events, bytes, force }).map(({ messageId }) => Number(messageId));
    expect(ids(2, 1e9)).toEqual([1, 2]);
    expect(ids(9, 3 * size)).toEqual([1, 2, 3]);
    expect(ids(9, 3 * size - 1)).toEqual([1, 2]);
    expect(ids(9, 10)).toEqual([]);
    expect(ids(9, 10, true)).toEqual([1]);
  });

  it("count bytes, not characters", () => {
    const messages = [message(1, { name: "я".repeat(100) }), message(2)];
    const characters = JSON.stringify(messages[0]).length + JSON.stringify(messages[1]).length + 2;
    expect(takeBatch(messages, { events: 9, bytes: characters, force: false })).toHaveLength(1);
  });
});

describe("caps", () => {
  it("drop what is older than seven days", () => {
    const old = message(1, { timestamp: new Date(NOW - MAX_AGE_MS - 1).toISOString() });
    const young = message(2, { timestamp: new Date(NOW - MAX_AGE_MS).toISOString() });
    expect(evict([old, young], NOW)).toEqual(["000001"]);
  });

  it("drop the least valuable first, and of those the oldest", () => {
    const events = ["report.viewed", "cairn.flow.held", "cairn.feature.used", "cairn.flow.held"];
    const messages = events.map((event, n) => message(n, { event }));
    for (let n = 4; n < MAX_QUEUED_EVENTS + 1; n++) messages.push(message(n));
    expect(evict(messages, NOW)).toEqual(["000001"]);
    messages.push(message(6_000), message(6_001));
    expect(evict(messages, NOW)).toEqual(["000001", "000003", "000000"]);
  });

  it("keep both limits, whatever comes", () => {
    const some = fc.record({ held: fc.boolean(), size: fc.constantFrom(10, 1_000, 9_000) });
    fc.assert(
      fc.property(fc.array(some, { minLength: 400, maxLength: 900 }), (kinds) => {
        const messages = kinds.map(({ held, size }, n) =>
          message(n, { event: held ? "cairn.flow.held" : "a", name: "x".repeat(size) }),
        );
        const gone = new Set(evict(messages, NOW));
        const kept = messages.filter(({ messageId }) => !gone.has(messageId));
        expect(kept.reduce((sum, one) => sum + JSON.stringify(one).length + 1, 0)).toBeLessThanOrEqual(
          MAX_QUEUED_BYTES,
        );
        // Nothing of worth goes while something worthless stays.
        if ([...gone].some((id) => messages[Number(id)]?.event === "a"))
          expect(kept.some(({ event }) => event === "cairn.flow.held")).toBe(false);
      }),
      { numRuns: 20 },
    );
  });
});
