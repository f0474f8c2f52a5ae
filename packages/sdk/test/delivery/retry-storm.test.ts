import type { Message } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../src/ports.ts";
import * as rare from "../../src/rare.ts";
import { createMemoryStore } from "../../src/state/memory-store.ts";
import { createDelivery } from "../../src/transport/delivery.ts";
import type { Outcome } from "../../src/transport/queue.ts";
import { tried } from "../guards/tried.ts";
import { createRandom } from "./random.ts";

/**
 * What a server that was away for ten minutes meets when it is back: the real delivery of so many clients, each with an
 * event every two minutes on average, over one clock that the test owns. All of them by `soak`.
 */
const CLIENTS = process.env.CAIRN_SOAK ? 10_000 : 1_500;
const EVENT_EVERY_MS = 120_000;
const BEFORE_MS = 300_000;
const OUTAGE_MS = 600_000;
const AFTER_MS = 900_000;
/** Rates are counted in windows that hold enough requests to be a rate. */
const WINDOW_MS = process.env.CAIRN_SOAK ? 1_000 : 5_000;
const START = Date.UTC(2026, 0, 5, 9);

/** A clock for thousands of timers: a binary heap by time, then by age. */
function createHeapClock() {
  interface Timer {
    readonly at: number;
    readonly id: number;
    fn: (() => void) | undefined;
  }
  const heap: Timer[] = [];
  let now = START;
  let ids = 0;
  const isBefore = (a: Timer, b: Timer) => a.at < b.at || (a.at === b.at && a.id < b.id);
  const swap = (i: number, j: number) => {
    [heap[i], heap[j]] = [heap[j] as Timer, heap[i] as Timer];
  };
  function push(timer: Timer): void {
    let i = heap.push(timer) - 1;
    for (let up = (i - 1) >> 1; i > 0 && isBefore(timer, heap[up] as Timer); up = (i - 1) >> 1) {
      swap(i, up);
      i = up;
    }
  }
  function pop(): Timer | undefined {
    const first = heap[0];
    const last = heap.pop();
    if (!first || !last || !heap.length) return first;
    heap[0] = last;
    for (let i = 0; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      let least = i;
      for (const child of [left, right])
        if (heap[child] && isBefore(heap[child] as Timer, heap[least] as Timer)) least = child;
      if (least === i) return first;
      swap(i, least);
      i = least;
    }
  }
  const clock: Clock = {
    now: () => now,
    after(ms, fn) {
      const timer: Timer = { at: now + Math.max(0, ms), id: ++ids, fn };
      push(timer);
      return () => {
        timer.fn = undefined;
      };
    },
  };
  async function runUntil(end: number): Promise<void> {
    while (heap[0] && heap[0].at <= end) {
      const timer = pop();
      if (!timer?.fn) continue;
      now = timer.at;
      timer.fn();
      // All promises of this moment settle before the next.
      await new Promise(setImmediate);
    }
    now = end;
  }
  return { clock, runUntil };
}

/** Requests per window, from one moment to another. */
const rates = (asked: readonly number[], from: number, to: number): number[] => {
  const counts = Array.from({ length: Math.floor((to - from) / WINDOW_MS) }, () => 0);
  for (const at of asked) {
    const window = Math.floor((at - from) / WINDOW_MS);
    if (window >= 0 && window < counts.length) counts[window] = (counts[window] ?? 0) + 1;
  }
  return counts;
};

async function play(answer: (now: number) => Outcome | undefined) {
  const random = createRandom(3);
  const { clock, runUntil } = createHeapClock();
  const asked: number[] = [];
  const down = START + BEFORE_MS;
  const up = down + OUTAGE_MS;
  let made = 0;
  let stored = 0;
  /** By client: the earliest moment at which it may come again, as the server has told it. */
  const notBefore = new Map<number, number>();
  let early = 0;
  for (let client = 0; client < CLIENTS; client++) {
    const store = createMemoryStore();
    const delivery = createDelivery({
      store,
      environment: "pk",
      expose: (entry) => void store.put([entry]),
      async send(batch) {
        const now = clock.now();
        asked.push(now);
        if (now < (notBefore.get(client) ?? 0)) early++;
        if (now >= down && now < up) {
          const outcome = answer(now);
          if (outcome?.retryAfter) notBefore.set(client, now + rare.retryAfterMs(outcome.retryAfter, now));
          return outcome;
        }
        stored += batch.length;
        return { status: 200, ok: true, retryAfter: null };
      },
      lock: { held: () => true, take: async () => true, release() {}, hear() {} },
      clock,
      random,
      loadTrouble: async () => rare,
      tell() {},
      report(error) {
        throw error;
      },
    });
    let n = 0;
    const act = () => {
      made++;
      delivery.add({
        type: "track",
        event: "e",
        messageId: `${client}-${String(++n).padStart(4, "0")}`,
        timestamp: new Date(clock.now()).toISOString(),
      } as Message);
      if (clock.now() < up + AFTER_MS - 2 * EVENT_EVERY_MS) clock.after(2 * random() * EVENT_EVERY_MS, act);
    };
    clock.after(random() * EVENT_EVERY_MS, act);
  }
  await runUntil(up + AFTER_MS + 2 * 300_000);
  const steady = rates(asked, START + EVENT_EVERY_MS, down);
  const mean = steady.reduce((sum, one) => sum + one, 0) / steady.length;
  const peak = (from: number, to: number) => Math.max(...rates(asked, from, to)) / mean;
  return { made, stored, early, outage: peak(down, up), after: peak(up, up + AFTER_MS) };
}

describe(`${CLIENTS} clients after an outage of ten minutes`, () => {
  const end = START + BEFORE_MS + OUTAGE_MS;
  const cases: [name: string, answer: (now: number) => Outcome | undefined][] = [
    ["without an answer", () => undefined],
    ["answered with 503", () => ({ status: 503, ok: false, retryAfter: null })],
    [
      "told by seconds when to come again",
      (now) => ({ status: 503, ok: false, retryAfter: String(Math.ceil((end - now) / 1_000)) }),
    ],
    [
      "told one date, all the same",
      () => ({ status: 429, ok: false, retryAfter: new Date(end).toUTCString() }),
    ],
  ];
  it.each(cases)(
    "%s come back at three times the usual rate at most",
    async (name, answer) => {
      const { made, stored, early, outage, after } = await play(answer);
      console.log(
        `${name}: peak ${after.toFixed(2)}× the steady rate after it, ${outage.toFixed(2)}× during it, ${made} events`,
      );
      expect(after).toBeLessThanOrEqual(3);
      expect(early).toBe(0);
      expect(stored).toBe(made);
      expect(made).toBeGreaterThan(CLIENTS * 10);
      tried(CLIENTS);
    },
    600_000,
  );
});
