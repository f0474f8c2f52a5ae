import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { prettyJson } from "./pretty-json.ts";

describe("prettyJson", () => {
  it("keeps on one line what fits, and opens the document and lists of larger things", () => {
    expect(
      prettyJson({
        id: "a",
        trigger: { event: "x", atLeast: 3 },
        names: ["a", "b"],
        steps: [
          { id: "s", title: { en: "x" } },
          { id: "t", title: { en: "y" } },
        ],
      }),
    ).toBe(`{
  "id": "a",
  "trigger": { "event": "x", "atLeast": 3 },
  "names": ["a", "b"],
  "steps": [
    { "id": "s", "title": { "en": "x" } },
    { "id": "t", "title": { "en": "y" } }
  ]
}`);
  });
  it("changes nothing but white space", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.integer({ min: 10, max: 120 }), (value, width) => {
        expect(JSON.parse(prettyJson(value, width))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
