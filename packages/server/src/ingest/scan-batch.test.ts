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

  it("says the same of a text whether it knows the bytes or not, in any script", () => {
    let runs = 0;
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue())), (batch) => {
        runs += 1;
        const text = JSON.stringify({ batch, имя: "\u0122\u5b7b{[", __proto: 1 });
        for (const sent of [text, text.replaceAll(/[^ -~]/g, "?")])
          expect(scanBatch(sent, 40, Buffer.from(sent))).toEqual(scanBatch(sent, 40));
        // A broken byte is decoded as one mark; a broken sequence as fewer marks than bytes.
        for (const broken of [[0xff], [0xe2, 0x82], [0xf0, 0x9f, 0x98]]) {
          const bytes = Buffer.concat([
            Buffer.from('{"a":"'),
            Buffer.from(broken),
            Buffer.from(text.slice(1)),
          ]);
          expect(scanBatch(bytes.toString(), 40, bytes)).toEqual(scanBatch(bytes.toString(), 40));
        }
      }),
      { seed: 20_261_122 },
    );
    expect(runs).toBe(100);
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
