import { afterEach, expect, it, vi } from "vitest";
import { createBrowserClock } from "./browser-clock.ts";

afterEach(() => {
  vi.useRealTimers();
});

/** A page whose clock lags behind its timers by so much. */
function lagging(by: number) {
  vi.useFakeTimers({ now: 1_000_000 });
  const now = Date.now;
  const start = now();
  vi.spyOn(Date, "now").mockImplementation(() => Math.max(start, now() - by));
}

it("calls nothing before its time has come by the page's own clock", () => {
  lagging(3);
  const clock = createBrowserClock();
  const due = clock.now() + 1_000;
  let called = 0;
  clock.after(1_000, () => {
    called = clock.now();
  });
  vi.advanceTimersByTime(1_000);
  expect(called).toBe(0);
  vi.advanceTimersByTime(10);
  expect(called).toBeGreaterThanOrEqual(due);
});

it("calls in time although the clock was set back meanwhile", () => {
  lagging(86_400_000);
  const clock = createBrowserClock();
  let called = false;
  clock.after(1_000, () => {
    called = true;
  });
  vi.advanceTimersByTime(1_000);
  expect(called).toBe(true);
});

it("calls after a month, and not when it was taken back", () => {
  vi.useFakeTimers({ now: 0 });
  const clock = createBrowserClock();
  const calls: string[] = [];
  clock.after(40 * 86_400_000, () => calls.push("kept"));
  clock.after(40 * 86_400_000, () => calls.push("cancelled"))();
  vi.advanceTimersByTime(39 * 86_400_000);
  expect(calls).toEqual([]);
  vi.advanceTimersByTime(86_400_000);
  expect(calls).toEqual(["kept"]);
});
