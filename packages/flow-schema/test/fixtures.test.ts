import { formatProblem, PROBLEM_CODES } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import { INVALID, VALID, validateAs } from "./read-fixtures.ts";

/** Codes that only values can show which no JSON file can hold, or should. */
const WITHOUT_FIXTURE = ["not-json", "too-large", "too-deep", "too-many-nodes", "forbidden-key"];

describe("valid fixtures", () => {
  it.each(VALID)("$name is accepted", ({ kind, value }) => {
    expect(validateAs(kind, value)).toEqual({ ok: true, value });
  });

  it("are 22, of them 13 flows of all seven kinds", () => {
    const flows = VALID.filter(({ kind }) => kind === "flow");
    expect(VALID).toHaveLength(22);
    expect(flows).toHaveLength(13);
    expect(new Set(flows.map(({ value }) => (value as { kind: string }).kind)).size).toBe(7);
  });
});

describe("invalid fixtures", () => {
  it.each(INVALID)("$name is refused", ({ kind, value, problems }) => {
    const result = validateAs(kind, value);
    const found = result.ok ? [] : result.problems;
    expect(found.map(({ path, code }) => ({ path, code }))).toEqual(
      problems.map(({ path, code }) => ({ path, code })),
    );
    for (const [index, problem] of found.entries()) {
      expect(problem.file).toBe(kind);
      expect(problem.message).toContain(problems[index]?.found ?? "");
      expect(problem.fix).toContain(problems[index]?.write ?? "");
      expect(problem.message).toMatch(/\S.*[^.]$/);
      expect(problem.fix).toMatch(/\S.*[^.]$/);
      expect(formatProblem(problem)).toBe(`${kind}#${problem.path}: ${problem.message}. ${problem.fix}`);
    }
  });

  it("are 182 and show every code", () => {
    const shown = new Set(INVALID.flatMap(({ problems }) => problems.map(({ code }) => code)));
    expect(INVALID).toHaveLength(182);
    expect([...shown, ...WITHOUT_FIXTURE].sort()).toEqual(Object.keys(PROBLEM_CODES).sort());
  });
});
