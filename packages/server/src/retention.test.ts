import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { startRetention } from "./retention.ts";
import type { Forgotten } from "./storage/storage.ts";

const HOUR = 3_600_000;
const NOTHING: Forgotten = { events: 0, people: 0, states: 0 };
beforeEach(() => void vi.useFakeTimers({ now: 1_000 * HOUR }));
afterEach(() => void vi.useRealTimers());

/** A store that remembers what it was asked, and answers when it is let. */
function world(answer: () => Promise<Forgotten | undefined>, keepMs: number | null = 10 * HOUR) {
  const asked: (number | null)[] = [];
  const signals: AbortSignal[] = [];
  const reported: unknown[] = [];
  const told: Forgotten[] = [];
  const expired: number[] = [];
  const storage = {
    async dropExpired(now: number) {
      expired.push(now);
    },
    forget(before: number | null, stop: AbortSignal) {
      asked.push(before);
      signals.push(stop);
      return answer();
    },
  };
  const stop = startRetention(
    {
      storage,
      now: Date.now,
      report: (thrown) => void reported.push(thrown),
      forgotten: (gone) => void told.push(gone),
    },
    keepMs,
  );
  return { asked, expired, signals, reported, told, stop };
}

describe("startRetention", () => {
  it("looks a minute after the start and then every hour, and tells what went", async () => {
    const answers = [NOTHING, { ...NOTHING, events: 3 }, undefined];
    const { asked, told, stop } = world(async () => answers.shift() ?? NOTHING);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(asked).toEqual([]);
    await vi.advanceTimersByTimeAsync(2 * HOUR);
    expect(asked).toEqual([990 * HOUR + 60_000, 991 * HOUR, 992 * HOUR]);
    expect(told).toEqual([{ ...NOTHING, events: 3 }]);
    await stop();
    await vi.advanceTimersByTimeAsync(9 * HOUR);
    expect(asked).toHaveLength(3);
  });

  it("only ends erasures and drops what has expired where everything is kept", async () => {
    const { asked, expired, stop } = world(async () => NOTHING, null);
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(asked).toEqual([null, null]);
    expect(expired).toEqual([1_000 * HOUR + 60_000, 1_001 * HOUR]);
    await stop();
  });

  it("reports what fails and tries again, and never does it twice at once", async () => {
    let reject: (reason: Error) => void = () => {};
    const { asked, reported, stop } = world(
      () =>
        new Promise((_, no) => {
          reject = no;
        }),
    );
    await vi.advanceTimersByTimeAsync(3 * HOUR);
    expect(asked).toHaveLength(1);
    reject(new Error("away"));
    await vi.advanceTimersByTimeAsync(HOUR);
    expect(String(reported)).toContain("away");
    expect(asked).toHaveLength(2);
    reject(new Error("away"));
    await stop();
  });

  it("tells the store to stop, and waits until it has", async () => {
    let resolve: (gone: Forgotten) => void = () => {};
    const { signals, stop } = world(
      () =>
        new Promise((yes) => {
          resolve = yes;
        }),
    );
    await vi.advanceTimersByTimeAsync(HOUR);
    let ended = false;
    const ending = stop().then(() => {
      ended = true;
    });
    await vi.advanceTimersByTimeAsync(0);
    expect([signals[0]?.aborted, ended]).toEqual([true, false]);
    resolve(NOTHING);
    await ending;
  });
});
