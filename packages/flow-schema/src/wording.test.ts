import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { suggestValue } from "./suggest-value.ts";
import { either, nearest, show, withArticle } from "./wording.ts";

describe("nearest", () => {
  it.each([
    ["evnt", "event"],
    ["titel", "title"],
    ["Priority", "priority"],
    ["fequency", "frequency"],
    ["frequnecy", "frequency"],
  ])("finds what %s was meant to be", (written, meant) => {
    expect(nearest(written, ["event", "title", "priority", "frequency"])).toBe(meant);
  });

  it("finds nothing where nothing is near", () => {
    expect(nearest("zzzz", ["event", "title"])).toBeUndefined();
    expect(nearest("x".repeat(65), ["x".repeat(65)])).toBeUndefined();
  });

  it("finds every word with one letter left out", () => {
    const word = fc.stringMatching(/^[a-z]{4,12}$/);
    fc.assert(
      fc.property(word, fc.nat(), (text, at) => {
        const place = at % text.length;
        expect(nearest(text.slice(0, place) + text.slice(place + 1), [text])).toBe(text);
      }),
    );
  });
});

describe("suggestValue", () => {
  const DURATION = 'write a duration such as "14d": a whole number and s, m, h, d or w';
  it.each([
    ["14 days", "14d"],
    ["1 week", "1w"],
    ["30min", "30m"],
    ["2H", "2h"],
    ["3 дня", "3d"],
    [" 05 sec. ", "5s"],
  ])("reads the duration %s as %s", (written, meant) => {
    expect(suggestValue("bad-duration", written, DURATION)).toBe(
      `write "${meant}": a whole number and s, m, h, d or w`,
    );
  });

  it.each(["a while", "1 month", "1.5h", "0d", 14, null])("does not guess at the duration %s", (written) => {
    expect(suggestValue("bad-duration", written, DURATION)).toBe(DURATION);
  });

  it("suggests ids and shares, and no share that could mean two things", () => {
    expect(suggestValue("bad-id", "Trial Ends (3 days)", "write an id")).toBe('write "trial-ends-3-days"');
    expect(suggestValue("bad-share", 10, "write a share")).toBe('write "10%"');
    expect(suggestValue("bad-share", 0.1, "write a share")).toBe("write a share");
  });
});

describe("messages", () => {
  it("show what was found, and cut it where it is long", () => {
    expect(["x", 5, null, true, [], [1], {}, { a: 1 }].map(show)).toEqual([
      '"x"',
      "5",
      "null",
      "true",
      "an empty list",
      "a list",
      "an empty object",
      "an object",
    ]);
    expect(show("x".repeat(500))).toHaveLength(63);
  });

  it("read like sentences", () => {
    expect(["step", "item", "event condition", "user condition", "settings"].map(withArticle)).toEqual([
      "a step",
      "an item",
      "an event condition",
      "a user condition",
      "settings",
    ]);
    expect(either(["a"])).toBe('"a"');
    expect(either(["a", "b", "c"])).toBe('"a", "b" or "c"');
  });
});
