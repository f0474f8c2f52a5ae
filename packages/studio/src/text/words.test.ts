import { END_REASONS, REASONS } from "@cairn/engine";
import { describe, expect, it } from "vitest";
import { en } from "./en.ts";
import { ru } from "./ru.ts";

/** Every place in a dictionary, with its words; functions are asked for 1 and 5. */
function places(value: unknown, path: string): readonly (readonly [string, string])[] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value === "function") return [[path, String(value("1", "2"))]];
  return Object.entries(value as object).flatMap(([key, item]) => places(item, `${path}/${key}`));
}

describe("the studio's words", () => {
  it("stand at the same places in both languages, none of them empty", () => {
    const [english, russian] = [places(en, ""), places(ru, "")];
    expect(russian.map(([path]) => path).toSorted()).toEqual(english.map(([path]) => path).toSorted());
    for (const [path, words] of [...english, ...russian]) expect(words, path).not.toBe("");
    expect(english.length).toBeGreaterThan(250);
  });
  it("say every reason and every end", () => {
    for (const words of [en, ru]) {
      expect(Object.keys(words.reason)).toEqual([...REASONS]);
      expect(Object.keys(words.endReason)).toEqual([...END_REASONS]);
    }
  });
  it("have no exclamation marks", () => {
    for (const [path, words] of [...places(en, ""), ...places(ru, "")])
      expect(words, path).not.toContain("!");
  });
});
