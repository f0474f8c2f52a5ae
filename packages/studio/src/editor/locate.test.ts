import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { locate, pointerSegments } from "./locate.ts";

const TEXT = `{
  "id": "first-export",
  "steps": [
    { "id": "a", "a/b": 1 },
    { "id": "b", "target": { "anchor": "x" } }
  ]
}`;
const at = (pointer: string, prefersKey?: boolean) => {
  const { from, to } = locate(TEXT, pointer, prefersKey);
  return TEXT.slice(from, to);
};

describe("locate", () => {
  it("finds a short value by its pointer", () => {
    expect(at("/id")).toBe('"first-export"');
    expect(at("/steps/1/target/anchor")).toBe('"x"');
  });
  it("stands for a long value with its key, and for a list element with its bracket", () => {
    expect(at("/steps")).toBe('"steps"');
    expect(at("/steps/1/target")).toBe('"target"');
    expect(at("/steps/1")).toBe("{");
    expect(locate(TEXT, "/steps/1").from).toBe(TEXT.indexOf('{ "id": "b"'));
  });
  it("marks the name of an unknown field, not its value", () => {
    expect(at("/steps/0/a~1b", true)).toBe('"a/b"');
  });
  it("leads what is missing to the nearest thing that is there", () => {
    expect(at("/steps/1/target/fallback/0")).toBe('"target"');
    expect(at("/kind")).toBe("{");
    expect(at("/steps/7")).toBe('"steps"');
  });
  it("means the opening bracket with the whole document", () => {
    expect(locate(TEXT, "")).toEqual({ from: 0, to: 1 });
  });
  it("survives text that is not JSON", () => {
    expect(locate("", "/a")).toEqual({ from: 0, to: 0 });
    expect(locate('{ "a": , "b": 2 }', "/b")).toEqual({ from: 14, to: 15 });
    expect(locate('{ "a": ', "/a")).toEqual({ from: 2, to: 5 });
  });
  it("stays inside the text whatever text and pointer are", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, pointer) => {
        const { from, to } = locate(text, pointer);
        expect(from).toBeGreaterThanOrEqual(0);
        expect(to).toBeGreaterThanOrEqual(from);
        expect(to).toBeLessThanOrEqual(text.length);
      }),
    );
  });
  it("agrees with JSON itself on every scalar of any document", () => {
    fc.assert(
      fc.property(fc.json({ depthSize: "small" }), (json) => {
        const value: unknown = JSON.parse(json);
        if (typeof value !== "object" || value === null) return;
        const text = JSON.stringify(value, null, 2);
        for (const [pointer, scalar] of scalars(value, "")) {
          const { from, to } = locate(text, pointer);
          expect(JSON.parse(text.slice(from, to))).toEqual(scalar);
        }
      }),
    );
  });
});

describe("pointerSegments", () => {
  it("undoes the escapes of a JSON Pointer", () => {
    expect(pointerSegments("/a~1b/~01/0")).toEqual(["a/b", "~1", "0"]);
    expect(pointerSegments("")).toEqual([]);
  });
});

function scalars(value: unknown, pointer: string): readonly (readonly [string, unknown])[] {
  if (typeof value !== "object" || value === null) return [[pointer, value]];
  return Object.entries(value).flatMap(([key, item]) =>
    scalars(item, `${pointer}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
}
