import { describe, expect, it } from "vitest";
import { wilson } from "./wilson.ts";

describe("wilson", () => {
  it.each([
    // Newcombe 1998, table I, method 3: score without continuity correction.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
    [20, 20, 0.8389, 1],
  ])("gives %i of %i the published interval", (numerator, n, low, high) => {
    const rate = wilson(numerator, n);
    expect(rate?.low).toBeCloseTo(low, 4);
    expect(rate?.high).toBeCloseTo(high, 4);
    expect(rate?.value).toBe(numerator / n);
  });

  it("says nothing about nobody", () => {
    expect(wilson(0, 0)).toBeNull();
  });
});
