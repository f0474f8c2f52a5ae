import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDate } from "./date.ts";

describe("parseDate", () => {
  it("reads every moment that Date writes", () => {
    const dates = fc.date({
      min: new Date("0000-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59.999Z"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseDate(date.toISOString())).toBe(date.getTime());
      }),
    );
  });

  it.each([
    ["2026-03-01", "2026-03-01T00:00:00.000Z"],
    ["2026-03-01T09:00Z", "2026-03-01T09:00:00.000Z"],
    ["2026-03-01T09:00:00+03:00", "2026-03-01T06:00:00.000Z"],
    ["2026-03-01T09:00:00.5-05:30", "2026-03-01T14:30:00.500Z"],
    ["2028-02-29", "2028-02-29T00:00:00.000Z"],
  ])("reads %s as %s", (text, moment) => {
    expect(new Date(parseDate(text) ?? Number.NaN).toISOString()).toBe(moment);
  });

  it.each([
    "2026-02-29",
    "2026-13-01",
    "2026-00-10",
    "2026-04-31",
    "2026-3-1",
    "2026-03-01T24:00Z",
    "2026-03-01T09:60Z",
    "2026-03-01T09:00:00",
    "2026-03-01 09:00Z",
    "2026-03-01T09:00+0300",
    "yesterday",
    "",
    5,
    null,
    undefined,
  ])("does not read %s", (value) => {
    expect(parseDate(value)).toBeUndefined();
  });
});
