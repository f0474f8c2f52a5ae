import { describe, expect, it } from "vitest";
import { upgradeFlow, upgradeWith } from "./upgrade.ts";
import { validateFlow } from "./validate.ts";

const STEPS = {
  1: ({ text, ...flow }: { readonly [field: string]: unknown }) => ({ ...flow, body: text }),
  2: ({ body, ...flow }: { readonly [field: string]: unknown }) => ({
    ...flow,
    steps: [{ id: "one", body }],
  }),
};

describe("upgradeFlow", () => {
  it("leaves a present flow as it is", () => {
    const flow = { schemaVersion: 1, id: "a", kind: "modal", steps: [{ id: "one" }] };
    expect(upgradeFlow(flow)).toBe(flow);
  });

  it("leaves a missing or future version to the validator, which says so", () => {
    const codesOf = (value: unknown) => {
      const result = validateFlow(upgradeFlow(value));
      return result.ok ? [] : result.problems.map(({ code, path }) => `${path} ${code}`);
    };
    expect(codesOf({ id: "a", kind: "modal", steps: [{ id: "one" }] })).toEqual([" missing-field"]);
    expect(codesOf({ schemaVersion: 9, id: "a", kind: "modal", steps: [{ id: "one" }] })).toEqual([
      "/schemaVersion unsupported-version",
    ]);
  });
});

describe("upgradeWith", () => {
  it("goes from version to version, each step once, and writes the version it reached", () => {
    expect(upgradeWith(STEPS, 3, { schemaVersion: 1, id: "a", text: "Hi" })).toEqual({
      schemaVersion: 3,
      id: "a",
      steps: [{ id: "one", body: "Hi" }],
    });
    expect(upgradeWith(STEPS, 3, { schemaVersion: 2, id: "a", body: "Hi" })).toEqual({
      schemaVersion: 3,
      id: "a",
      steps: [{ id: "one", body: "Hi" }],
    });
  });

  it("does not change what it was given", () => {
    const flow = Object.freeze({ schemaVersion: 1, text: "Hi" });
    upgradeWith(STEPS, 3, flow);
    expect(flow).toEqual({ schemaVersion: 1, text: "Hi" });
  });

  it("gives back untouched what it cannot bring up to date", () => {
    const broken = {
      1: () => {
        throw new Error("malformed");
      },
    };
    for (const value of [
      null,
      [],
      "x",
      {},
      { schemaVersion: "1" },
      { schemaVersion: 0 },
      { schemaVersion: 1.5 },
      { schemaVersion: 4 },
    ])
      expect(upgradeWith(STEPS, 3, value)).toBe(value);
    const flow = { schemaVersion: 1 };
    expect(upgradeWith(broken, 2, flow)).toBe(flow);
    expect(upgradeWith({}, 2, flow)).toBe(flow);
  });
});
