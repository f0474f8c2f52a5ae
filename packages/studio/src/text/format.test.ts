import { describe, expect, it } from "vitest";
import { formatFor } from "./format.ts";
import { counted } from "./plural.ts";

describe("formatFor", () => {
  it("takes the reader's own variety of the language", () => {
    const at = "2026-11-03T09:05:00Z";
    expect(formatFor("en", ["en-GB"], "UTC").date(at)).toBe("3 Nov 2026");
    expect(formatFor("en", ["en-US"], "UTC").date(at)).toBe("Nov 3, 2026");
    expect(formatFor("ru", ["en-GB"], "UTC").date(at)).toBe("3 нояб. 2026 г.");
  });
  it("shows times in the reader's zone", () => {
    const at = "2026-11-03T22:30:00Z";
    expect(formatFor("en", ["en-GB"], "Europe/Moscow").dateTime(at)).toBe("4 Nov 2026, 01:30");
  });
  it("keeps a calendar day a day in every zone", () => {
    expect(formatFor("en", ["en-GB"], "America/Los_Angeles").day("2026-11-02")).toBe("2 Nov");
  });
  it("shows one decimal only below ten percent", () => {
    const format = formatFor("en", ["en-GB"]);
    expect([0.0423, 0.423, 1].map(format.percent)).toEqual(["4.2%", "42%", "100%"]);
  });
  it("says a duration in words", () => {
    expect(["1d", "7d", "30m", "soon"].map(formatFor("en").duration)).toEqual([
      "1 day",
      "7 days",
      "30 minutes",
      "soon",
    ]);
    expect(["1d", "3d", "7d", "2w"].map(formatFor("ru").duration)).toEqual([
      "1 день",
      "3 дня",
      "7 дней",
      "2 недели",
    ]);
  });
  it("shows a date that cannot be read as it came", () => {
    expect(formatFor("en").dateTime("soon")).toBe("soon");
  });
});

describe("counted", () => {
  it("takes the form that goes with the number", () => {
    const forms = { one: "шаг", few: "шага", many: "шагов", other: "шага" };
    expect([1, 2, 5, 21, 112].map((n) => counted("ru", n, forms))).toEqual([
      "1 шаг",
      "2 шага",
      "5 шагов",
      "21 шаг",
      "112 шагов",
    ]);
  });
});
