import fc from "fast-check";
import { expect, it } from "vitest";
import { toJson, toJsonObject } from "./to-json.ts";

it("copies plain JSON as it is", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const text = JSON.stringify(value);
      fc.pre(text.length < 500 && !/__proto__|constructor|prototype/.test(text));
      expect(JSON.stringify(toJson(value))).toBe(JSON.stringify(JSON.parse(text)));
    }),
  );
});

it("leaves out what is no JSON, and keeps dates as text", () => {
  const mess = {
    a: () => 1,
    b: Symbol("s"),
    c: undefined,
    d: Number.NaN,
    e: new Date(0),
    f: [1n, () => 2],
    g: null,
  };
  expect(toJson(mess)).toEqual({ e: "1970-01-01T00:00:00.000Z", f: ["1", null], g: null });
});

it("ends in cycles, depths and lengths", () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  expect(JSON.stringify(toJson(cycle)).length).toBeLessThan(200);
  expect(JSON.stringify(toJson(Array.from({ length: 1e5 }, () => ({ a: 1 })))).length).toBeLessThan(1e6);
  expect((toJson("x".repeat(1e6)) as string).length).toBe(8_192);
});

it("does not let keys reach a prototype", () => {
  const copy = toJsonObject(JSON.parse('{"__proto__":{"x":1},"constructor":2,"a":3}'));
  expect(Object.keys(copy ?? {})).toEqual(["a"]);
  expect(({} as { x?: number }).x).toBeUndefined();
});

it("takes only objects for properties", () => {
  for (const value of [null, undefined, 1, "x", [], () => {}]) expect(toJsonObject(value)).toBeUndefined();
});
