import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLineMoment, createMomentText } from "./line-moment.ts";

describe("the moment of a line", () => {
  it("is what Date.parse reads, for any moment as toISOString writes it", () => {
    const read = createLineMoment();
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), fc.integer({ min: 0, max: 86_399_999 }), (date, more) => {
        // Two of one day after each other: the second is read by the day of the first.
        for (const one of [date, new Date(Math.floor(date.getTime() / 86_400_000) * 86_400_000 + more)]) {
          if (Number.isNaN(one.getTime())) continue;
          expect(read(one.toISOString())).toBe(Date.parse(one.toISOString()));
        }
      }),
    );
  });

  it.each([
    "2026-03-02",
    "2026-03-02T09:00:00Z",
    "2026-03-02T09:00:00.000+02:00",
    "2026-03-02T24:00:00.000Z",
    "2026-03-02T25:00:00.000Z",
    "2026-03-02T09:60:00.000Z",
    "2026-03-02T09:00:60.000Z",
    "2026-02-30T09:00:00.000Z",
    "2026-13-02T09:00:00.000Z",
    "2026-03-02T0x:00:00.000Z",
    "2026-03-02T09:00:00.000+",
    "2026-03-02 09:00:00.000Z",
    "no moment, but 24 chars.",
    "",
  ])("is what Date.parse reads of %j", (text) => {
    const read = createLineMoment();
    expect(read(text)).toBe(Date.parse(text));
    expect(read("2026-03-02T09:00:00.001Z")).toBe(Date.UTC(2026, 2, 2, 9, 0, 0, 1));
    expect(read(text)).toBe(Date.parse(text));
  });
});

describe("the text of a moment", () => {
  it("is what toISOString writes, whatever day the one before was of", () => {
    const textOf = createMomentText();
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true }), fc.integer({ min: 0, max: 86_399_999 }), (date, more) => {
        for (const one of [date, new Date(Math.floor(date.getTime() / 86_400_000) * 86_400_000 + more)])
          if (!Number.isNaN(one.getTime())) expect(textOf(one.getTime())).toBe(one.toISOString());
      }),
    );
  });
});
