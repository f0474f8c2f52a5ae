import type { Message } from "@cairn/flow-schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../state/memory-store.ts";
import { MAX_AGE_MS } from "./queue.ts";
import { evict, MAX_QUEUED_BYTES, MAX_QUEUED_EVENTS, tidyQueue } from "./tidy-queue.ts";

const NOW = Date.UTC(2026, 0, 5, 9);
const message = (n: number, fields: Partial<Message> = {}): Message => ({
  type: "track",
  messageId: String(n).padStart(6, "0"),
  timestamp: new Date(NOW).toISOString(),
  event: "report.viewed",
  ...fields,
});
const ids = (messages: Message[]) => evict(messages, NOW).gone.map(({ messageId }) => messageId);

describe("caps", () => {
  it("drop what is older than seven days", () => {
    const old = message(1, { timestamp: new Date(NOW - MAX_AGE_MS - 1).toISOString() });
    const young = message(2, { timestamp: new Date(NOW - MAX_AGE_MS).toISOString() });
    expect(ids([old, young])).toEqual(["000001"]);
  });

  it("drop the least valuable first, and of those the oldest", () => {
    const events = ["report.viewed", "cairn.flow.held", "cairn.feature.used", "cairn.flow.held"];
    const messages = events.map((event, n) => message(n, { event }));
    for (let n = 4; n < MAX_QUEUED_EVENTS; n++) messages.push(message(n));
    expect(evict(messages, NOW)).toEqual({ gone: [], room: 1 });
    messages.push(message(6_000));
    // A hundred more than must, so that the next check can wait as long.
    const gone = ids(messages);
    expect(gone.slice(0, 4)).toEqual(["000001", "000003", "000000", "000002"]);
    expect(gone.slice(4)).toEqual(messages.slice(4, 101).map(({ messageId }) => messageId));
    expect(evict(messages, NOW).room).toBe(101);
  });

  it("keep both limits, whatever comes", () => {
    const some = fc.record({ held: fc.boolean(), size: fc.constantFrom(10, 1_000, 9_000) });
    fc.assert(
      fc.property(fc.array(some, { minLength: 400, maxLength: 900 }), (kinds) => {
        const messages = kinds.map(({ held, size }, n) =>
          message(n, { event: held ? "cairn.flow.held" : "a", name: "x".repeat(size) }),
        );
        const gone = new Set(ids(messages));
        const { room } = evict(messages, NOW);
        const kept = messages.filter(({ messageId }) => !gone.has(messageId));
        expect(kept.reduce((sum, one) => sum + JSON.stringify(one).length + 1, 0)).toBeLessThanOrEqual(
          MAX_QUEUED_BYTES,
        );
        expect(room).toBeLessThanOrEqual(MAX_QUEUED_EVENTS + 1 - kept.length);
        // Nothing of worth goes while something worthless stays.
        if ([...gone].some((id) => messages[Number(id)]?.event === "a"))
          expect(kept.some(({ event }) => event === "cairn.flow.held")).toBe(false);
      }),
      { numRuns: 20 },
    );
  });
});

it("keeps what is good when it clears what is damaged or too old, and leaves other queues alone", async () => {
  const old = message(2, { timestamp: new Date(NOW - MAX_AGE_MS - 1).toISOString() });
  const values = new Map<string, unknown>([["event|other|1", "x"]]);
  for (let n = 10; n < 300; n++) values.set(`event|pk|${message(n).messageId}`, message(n));
  values.set("event|pk|000000", null);
  values.set("event|pk|000002", old);
  expect(await tidyQueue(createMemoryStore(values), "event|pk|", NOW)).toMatchObject({ gone: [old] });
  expect(values.size).toBe(291);
  expect(values.get("event|pk|000299")).toEqual(message(299));
});
