import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compilePattern, matchesPage } from "../../src/url-match.ts";
import { pageCases } from "./page-patterns.ts";

interface Recorded {
  readonly browser: string;
  readonly urls: readonly string[];
  /** Pattern, and an answer per address: "1" = matches. */
  readonly answers: readonly (readonly [pattern: string, answers: string])[];
}
const recorded: Recorded = JSON.parse(readFileSync(new URL("../tables/pages.json", import.meta.url), "utf8"));

const answersOf = (text: string, urls: readonly string[]) => {
  const pattern = compilePattern(text);
  return urls.map((url) => (matchesPage(pattern, url) ? "1" : "0")).join("");
};

describe(`page patterns agree with the URLPattern of ${recorded.browser}`, () => {
  const { urls, answers } = recorded;

  it("on every recorded pattern and address", () => {
    const wrong = answers.flatMap(([text, wanted]) => {
      const got = answersOf(text, urls);
      return urls.flatMap((url, i) => (got[i] === wanted[i] ? [] : [`${text} on ${url}: ${wanted[i]}`]));
    });
    expect(wrong).toEqual([]);
    const all = answers.map(([, wanted]) => wanted).join("");
    const matched = all.replaceAll("0", "").length;
    console.log(`page oracle: ${all.length} cases, ${matched} match`);
    expect(all.length).toBeGreaterThanOrEqual(50_000);
    expect(matched).toBeGreaterThanOrEqual(5_000);
  });

  it("with answers for what the generator makes today", () => {
    expect(pageCases(700, 90).urls).toEqual(urls);
    expect(pageCases(700, 90).patterns.map(({ text }) => text)).toEqual(answers.map(([text]) => text));
  });

  it("and notices a modifier that is read as another", () => {
    for (const [from, to] of [
      ["?", "*"],
      ["+", "*"],
      ["*", "+"],
    ] as const) {
      const wrong = answers.filter(
        ([text, wanted]) =>
          /[}\dw][?+*]/.test(text) &&
          answersOf(text.replaceAll(new RegExp(`(?<=[}\\d])\\${from}`, "g"), to), urls) !== wanted,
      );
      expect(wrong.length).toBeGreaterThan(5);
    }
  });
});
