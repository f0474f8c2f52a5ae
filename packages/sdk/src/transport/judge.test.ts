import { describe, expect, it } from "vitest";
import { backoff, judge, retryAfterMs } from "./judge.ts";
import type { Outcome } from "./queue.ts";

const NOW = Date.UTC(2026, 0, 5, 9);
const about = { batchSize: 10, attempt: 0, random: 0.5, now: NOW };
const answer = (status: number, retryAfter: string | null = null): Outcome => ({
  status,
  ok: false,
  retryAfter,
});

describe("what follows an answer", () => {
  const table: [status: number, verdict: string][] = [
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
    expect(judge(answer(status), about)).toBe(verdict === "again" ? 2_500 : verdict);
  });

  it("tries again when 200 does not come from a Cairn server, or nothing comes", () => {
    expect(judge({ ...answer(200), ok: false }, about)).toBe(2_500);
    expect(judge(undefined, about)).toBe(2_500);
  });

  it("gives up a single event that is too large", () => {
    expect(judge(answer(413), { ...about, batchSize: 1 })).toBe("refused");
  });

  it("waits up to twice as long after each failure, five minutes at most, with full jitter", () => {
    expect([0, 1, 2, 3].map((attempt) => backoff(attempt, 1))).toEqual([5_000, 10_000, 20_000, 40_000]);
    expect(backoff(5_000, 1)).toBe(300_000);
    expect(backoff(5, 0.5)).toBe(80_000);
  });

  it("never comes back before Retry-After, in either form", () => {
    expect(judge(answer(429, "30"), { ...about, random: 0 })).toBe(30_000);
    expect(judge(answer(503, new Date(NOW + 60_000).toUTCString()), { ...about, random: 0 })).toBe(60_000);
  });

  it("comes back spread out after Retry-After: as long again at most, and five minutes at most", () => {
    expect(judge(answer(429, "30"), { ...about, random: 1 })).toBe(60_000);
    expect(judge(answer(429, "3600"), { ...about, random: 1 })).toBe(3_900_000);
    expect(judge(answer(503, "1"), { ...about, attempt: 4, random: 1 })).toBe(81_000);
  });

  it("reads Retry-After with care", () => {
    for (const header of [null, "", "soon", "-5", "1e9", new Date(NOW - 1).toUTCString()])
      expect(retryAfterMs(header, NOW)).toBe(0);
    expect(retryAfterMs("999999999", NOW)).toBe(86_400_000);
  });
});
