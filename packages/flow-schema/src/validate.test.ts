import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { LIMITS } from "./bounds.ts";
import { CHECKS } from "./checks/table.ts";
import schema from "./flow.schema.json" with { type: "json" };
import { MESSAGE_CHECKS } from "./message/check-keyword.ts";
import { validateMessage } from "./message/index.ts";
import { PROBLEM_CODES } from "./problem.ts";
import {
  type Validation,
  validateConfig,
  validateFeature,
  validateFlow,
  validateSegment,
  validateSettings,
} from "./validate.ts";

const FLOW = { schemaVersion: 1, id: "hint", kind: "tooltip", steps: [{ id: "one", body: "Hello" }] };
const VALIDATORS: readonly ((value: unknown) => Validation<unknown>)[] = [
  validateFlow,
  validateFeature,
  validateSegment,
  validateSettings,
  validateConfig,
];

const codes = (result: Validation<unknown>): readonly string[] =>
  result.ok ? [] : result.problems.map(({ code }) => code);
const paths = (result: Validation<unknown>): readonly string[] =>
  result.ok ? [] : result.problems.map(({ path }) => path);

/** `{"not": {"not": …}}`, built without recursion. */
function nested(levels: number, around: (inner: unknown) => unknown, core: unknown): unknown {
  let value = core;
  for (let level = 0; level < levels; level++) value = around(value);
  return value;
}

describe("any value at all", () => {
  it("gets an answer and never an exception", () => {
    const strange = fc.constantFrom<unknown>(
      undefined,
      Number.NaN,
      Number.POSITIVE_INFINITY,
      -0,
      10n,
      Symbol("x"),
      () => 1,
      new Date(0),
      new Map(),
      new (class Own {
        id = "x";
      })(),
      Object.create(null),
      JSON.parse('{"__proto__": {"x": 1}, "constructor": 1}'),
      new Proxy(
        {},
        {
          get: () => {
            throw new Error("trap");
          },
          ownKeys: () => {
            throw new Error("trap");
          },
        },
      ),
      "\ud800",
    );
    const anything = fc.oneof(
      strange,
      fc.anything({ maxDepth: 4, withNullPrototype: true, withBigInt: true }),
    );
    const inFlow = anything.map((value) => ({
      ...FLOW,
      audience: value,
      steps: [{ id: "one", body: value }],
      theme: value,
    }));
    const inRule = anything.map((value) => ({ ...FLOW, audience: { user: { a: value, $and: [value] } } }));
    const inMessage = anything.map((value) => ({
      type: "track",
      messageId: "m",
      timestamp: value,
      userId: value,
      properties: value,
    }));
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof(anything, inFlow, inRule, inMessage), (value) => {
        for (const check of VALIDATORS) {
          const result = check(value);
          if (result.ok) continue;
          refused += 1;
          for (const problem of result.problems) expect(Object.keys(PROBLEM_CODES)).toContain(problem.code);
        }
        validateMessage(value);
      }),
      { numRuns: 1_000 },
    );
    expect(refused).toBeGreaterThan(1_000);
  });

  it("is refused where JSON cannot say it", () => {
    for (const [name, value] of [
      ["a function", () => 1],
      ["NaN", Number.NaN],
      ["a date", new Date(0)],
      ["a big integer", 10n],
      ["a hole in a list", [undefined]],
    ] as const)
      expect([name, codes(validateFlow({ ...FLOW, why: value }))]).toEqual([name, ["not-json"]]);
  });

  it("is read in a host page whose prototypes are polluted", () => {
    const prototype = Object.prototype as { steps?: unknown; id?: unknown };
    prototype.id = "polluted";
    prototype.steps = [];
    try {
      expect(codes(validateFlow({ schemaVersion: 1, kind: "tooltip" }))).toEqual([
        "missing-field",
        "missing-field",
      ]);
    } finally {
      delete prototype.id;
      delete prototype.steps;
    }
  });

  it("may hold fields that are undefined, as objects in a program do", () => {
    expect(validateFlow({ ...FLOW, audience: undefined, nonsense: undefined }).ok).toBe(true);
    expect(codes(validateFlow({ ...FLOW, id: undefined }))).toEqual(["missing-field"]);
  });
});

describe("limits", () => {
  const audience = (levels: number) => ({
    ...FLOW,
    audience: nested(levels, (not) => ({ not }), { event: "a" }),
  });

  it("allow 32 levels and no more", () => {
    expect(validateFlow(audience(LIMITS.depth - 2)).ok).toBe(true);
    expect(codes(validateFlow(audience(LIMITS.depth - 1)))).toEqual(["too-deep"]);
  });

  it("hold against 200,000 lists in each other, which JSON.parse accepts", () => {
    const deep = JSON.parse(`${"[".repeat(200_000)}${"]".repeat(200_000)}`) as unknown;
    expect(codes(validateFlow({ ...FLOW, audience: { user: { a: deep } } }))).toEqual(["too-deep"]);
    expect(codes(validateConfig({ schemaVersion: 1, flows: deep }))).toEqual(["too-deep"]);
    const message = {
      type: "track",
      messageId: "m",
      timestamp: "2026-01-01T00:00:00Z",
      userId: "u",
      event: "e",
    };
    const result = validateMessage({ ...message, properties: { a: deep } });
    expect(result.ok ? "" : result.problem.code).toBe("too-deep");
  });

  it("hold against a value that contains itself", () => {
    const circle: { user?: unknown } = {};
    circle.user = circle;
    expect(codes(validateFlow({ ...FLOW, audience: circle }))).toEqual(["too-deep"]);
  });

  it("allow 5,000 values and no more", () => {
    const rule = (values: number) => ({ ...FLOW, audience: { user: { a: { $in: Array(values).fill(1) } } } });
    const others = 12;
    expect(codes(validateFlow(rule(LIMITS.nodes - others)))).toEqual([]);
    expect(codes(validateFlow(rule(LIMITS.nodes - others + 1)))).toEqual(["too-many-nodes"]);
  });

  it("count bytes as JSON text in UTF-8 has them", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 50 }), (text) => {
        const flow = { ...FLOW, steps: [{ id: "one", body: "x", title: `${text} ` }] };
        const rest = LIMITS.flowBytes - Buffer.byteLength(JSON.stringify(flow));
        // Half a surrogate pair is escaped in JSON text; it is counted as half.
        fc.pre(!/\p{Cs}/u.test(text));
        const fill = (length: number) => ({
          ...flow,
          steps: [{ ...flow.steps[0], body: "x".repeat(length) }],
        });
        expect(codes(validateFlow(fill(rest + 1)))).not.toContain("too-large");
        expect(codes(validateFlow(fill(rest + 2)))).toEqual(["too-large"]);
      }),
      { numRuns: 30 },
    );
  });

  it("refuse keys that reach into prototypes, wherever they stand", () => {
    for (const key of ["__proto__", "constructor", "prototype"]) {
      const rule = JSON.parse(`{"address": {"${key}": 1}}`) as unknown;
      const result = validateFlow({ ...FLOW, audience: { user: rule } });
      expect([codes(result), paths(result)]).toEqual([["forbidden-key"], [`/audience/user/address/${key}`]]);
    }
  });

  it("stop after 100 problems", () => {
    const steps = Array.from({ length: 40 }, () => ({ a: 1, b: 2, c: 3, d: 4 }));
    expect(codes(validateFlow({ ...FLOW, steps }))).toHaveLength(100);
  });

  it("of a flow hold inside a configuration", () => {
    const big = { ...FLOW, why: "x", steps: [{ id: "one", body: "x".repeat(LIMITS.flowBytes) }] };
    const result = validateConfig({ schemaVersion: 1, flows: [FLOW, { ...big, id: "big" }] });
    expect([codes(result), paths(result)]).toEqual([["too-large"], ["/flows/1"]]);
  });
});

describe("references", () => {
  const flow = {
    ...FLOW,
    audience: {
      all: [{ feature: "export", is: "tried" }, { segment: "admins" }, { flow: "hint", is: "unseen" }],
    },
  };

  it("are not checked without a catalogue", () => {
    expect(validateFlow(flow).ok).toBe(true);
  });

  it("are checked for the kinds that the catalogue knows, the flow itself being known", () => {
    expect(paths(validateFlow(flow, { known: { flows: [], features: ["exports"] } }))).toEqual([
      "/audience/all/0/feature",
    ]);
    expect(
      paths(validateFlow(flow, { known: { features: ["export"], segments: new Set<string>() } })),
    ).toEqual(["/audience/all/1/segment"]);
  });

  it("name the file they stand in", () => {
    const result = validateFlow(flow, { file: "hint.json", known: { segments: ["admin"] } });
    expect(result).toEqual({
      ok: false,
      problems: [
        {
          file: "hint.json",
          path: "/audience/all/1/segment",
          code: "dangling-reference",
          message: 'there is no segment "admins"',
          fix: 'did you mean "admin"?',
        },
      ],
    });
  });

  it("of inactivity are no circle: a feature's uses do not depend on who may use it", () => {
    const feature = {
      id: "export",
      name: "Export",
      uses: [{ event: "e" }],
      activated: { count: 1, within: "1d" },
      availableTo: { not: { inactive: { feature: "export" }, for: "90d" } },
    };
    expect(validateFeature(feature).ok).toBe(true);
  });

  it("in a chain of 3,000 segments are followed without exhausting the stack", () => {
    const segments = Array.from({ length: 3_000 }, (_, i) => ({
      id: `s${i}`,
      where: { segment: `s${i + 1}` },
    }));
    const end = { id: "s3000", where: { user: { a: 1 } } };
    expect(validateConfig({ schemaVersion: 1, flows: [], segments: [...segments, end] }).ok).toBe(true);
    const circle = { id: "s3000", where: { segment: "s0" } };
    expect(codes(validateConfig({ schemaVersion: 1, flows: [], segments: [...segments, circle] }))).toEqual([
      "reference-cycle",
    ]);
  });
});

describe("the schema's annotations", () => {
  it("name only checks that exist, and every check is named", () => {
    const named = new Set(
      [...JSON.stringify(schema).matchAll(/"x-check":\[([^\]]*)\]/g)].flatMap(([, list = ""]) =>
        list.replaceAll('"', "").split(","),
      ),
    );
    expect([...named].sort()).toEqual(Object.keys({ ...CHECKS, ...MESSAGE_CHECKS }).sort());
  });

  it("name only codes that exist", () => {
    const named = [...JSON.stringify(schema).matchAll(/"x-code(?:-branch)?":"([^"]*)"/g)].map(
      ([, code]) => code,
    );
    expect(named.length).toBeGreaterThan(20);
    for (const code of named) expect(Object.keys(PROBLEM_CODES)).toContain(code);
  });
});
