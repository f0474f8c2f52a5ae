import { describe, expect, it } from "vitest";
import { fromLocalField, nextFullHour, toLocalField } from "./when.ts";

const NOW = Date.parse("2026-11-20T12:20:00Z");

describe("a time to publish at", () => {
  it("is read by the reader's own clock, and comes back as it was written", () => {
    const at = NOW + 3 * 3_600_000;
    expect(fromLocalField(toLocalField(at), NOW)).toBe(new Date(at).toISOString());
  });
  it("lies between a minute and a year ahead", () => {
    expect(fromLocalField(toLocalField(NOW), NOW)).toBeUndefined();
    expect(fromLocalField(toLocalField(NOW + 60_000), NOW)).toBeDefined();
    expect(fromLocalField(toLocalField(NOW + 366 * 86_400_000), NOW)).toBeDefined();
    expect(fromLocalField(toLocalField(NOW + 366 * 86_400_000 + 60_000), NOW)).toBeUndefined();
  });
  it("is nothing where the field is empty or half written", () => {
    for (const text of ["", "2026-11-20", "2026-11-20T", "tomorrow"])
      expect(fromLocalField(text, NOW)).toBeUndefined();
  });
  it("begins at a full hour that is an hour away or more", () => {
    expect(new Date(nextFullHour(NOW)).toISOString()).toBe("2026-11-20T14:00:00.000Z");
    expect(new Date(nextFullHour(Date.parse("2026-11-20T12:00:00Z"))).toISOString()).toBe(
      "2026-11-20T13:00:00.000Z",
    );
  });
});
