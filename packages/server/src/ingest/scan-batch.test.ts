import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanBatch } from "./scan-batch.ts";

const spansOf = (text: string) => {
  const { spans } = scanBatch(text, 40);
  if (spans === undefined) return undefined;
  return Array.from({ length: spans.length / 2 }, (_, i) => text.slice(spans[2 * i], spans[2 * i + 1]));
};

describe("scanBatch", () => {
  it("finds the text of every message, whatever they hold", () => {
    let runs = 0;
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string(), fc.jsonValue())), fc.string(), (batch, writeKey) => {
        runs += 1;
        const texts = spansOf(JSON.stringify({ writeKey, batch }));
        expect(texts).toEqual(batch.map((message) => JSON.stringify(message)));
      }),
    );
    expect(runs).toBe(100);
  });

  it.each([
    ["white space between values", '{"batch":[{"a":\n1}]}'],
    ["a second list", '{"other":[{"a":1}],"batch":[{"b":1}]}'],
    ["a list of that name twice", '{"batch":[{"a":1}],"batch":[{"b":1}]}'],
    ["no list", '{"batch":{"a":{"b":1}}}'],
  ])("finds no texts where there is %s", (_, text) => {
    expect(spansOf(text)).toBeUndefined();
  });

  it("finds fewer texts than entries where one is no object", () => {
    expect(spansOf('{"batch":[{"a":[{}]},7,[{"b":1}]]}')).toEqual(['{"a":[{}]}']);
  });

  it("sees words that reach into prototypes, plain or escaped, and no others", () => {
    const suspicious = (text: string) => scanBatch(text, 40).suspicious;
    for (const word of ["__proto__", "constructor", "prototype", "\\u005f_proto__"])
      expect(suspicious(`{"a":{"${word}":1}}`)).toBe(true);
    expect(suspicious('{"prototypes":1,"a constructor":"\\n"}')).toBe(false);
  });

  it("says whether control characters may be in it", () => {
    expect(scanBatch('{"a":"b\\n"}', 40).escaped).toBe(true);
    expect(scanBatch('{"a":"\u007f"}', 40).escaped).toBe(true);
    expect(scanBatch('{"a":"имя"}', 40).escaped).toBe(false);
  });

  it("stops where the nesting is too deep, but for brackets in texts", () => {
    expect(scanBatch("[".repeat(41), 40).tooDeep).toBe(true);
    expect(scanBatch("[".repeat(40), 40).tooDeep).toBe(false);
    expect(scanBatch(`{"a":"\\"${"[".repeat(100)}"}`, 40).tooDeep).toBe(false);
  });
});
