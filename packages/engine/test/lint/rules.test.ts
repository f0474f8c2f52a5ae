import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type Flow, validateFeature, validateFlow, validateSettings } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import { lint, RULES } from "../../src/lint/index.ts";
import { EXAMPLES, inputOf } from "./examples.ts";
import { lintPage } from "./lint-page.ts";

const page = new URL("../../../../docs/lint.md", import.meta.url);
const examples = new URL("../../../../examples/", import.meta.url);
const read = (path: string) => JSON.parse(readFileSync(new URL(path, examples), "utf8"));
const all = (folder: string) =>
  readdirSync(new URL(folder, examples)).map((name) => read(`${folder}/${name}`));

describe("every rule", () => {
  it.each(RULES.map(({ code }) => code))("finds %s in its example, where it says", (code) => {
    const example = EXAMPLES[code];
    const found = lint(inputOf(example)).filter((one) => one.code === code);
    expect(found.map(({ path }) => path)).toContain(example.at);
    for (const { message, fix } of found) {
      expect(message).toMatch(/^\S.*[^.]$/);
      expect(fix).toMatch(/^[a-z].*[^.]$/);
    }
  });

  it.each(RULES.map(({ code }) => code))("has an example of %s that the validator passes", (code) => {
    const { flows, settings = {}, features = [] } = inputOf(EXAMPLES[code]);
    const known = { flows: flows.map(({ id }) => id), features: features.map(({ id }) => id) };
    for (const flow of flows) {
      // As JSON would carry it: a field that is undefined is not there.
      const checked = validateFlow(JSON.parse(JSON.stringify(flow)), { known });
      expect(checked.ok ? [] : checked.problems).toEqual([]);
    }
    for (const feature of features) expect(validateFeature(feature).ok).toBe(true);
    expect(validateSettings(settings).ok).toBe(true);
  });

  it("has a code of its own, a title and a reason", () => {
    expect(new Set(RULES.map(({ code }) => code)).size).toBe(RULES.length);
    for (const { title, help } of RULES) {
      expect(title).toMatch(/^[A-ZВ].*[^.]$/);
      expect(help).toMatch(/\.$/);
    }
    console.log(`${RULES.length} rules, each with an example that has the fault`);
  });
});

it("finds nothing in a flow without faults", () => {
  expect(lint(inputOf({ write: {} }))).toEqual([]);
});

it("tells in docs/lint.md what the code finds", () => {
  const wanted = lintPage(RULES, EXAMPLES);
  if (process.env.WRITE_DOCS) writeFileSync(page, wanted);
  expect(readFileSync(page, "utf8")).toBe(wanted);
});

describe("the example definitions", () => {
  const input = {
    flows: all("flows") as Flow[],
    features: all("features"),
    segments: all("segments"),
    settings: read("settings.json"),
    today: "2026-11-22",
  };

  it("have no errors, and only warnings that are known", () => {
    expect(input.flows.length).toBeGreaterThanOrEqual(9);
    const found = lint(input).filter(({ severity }) => severity !== "info");
    expect(found.map(({ severity, code, flow }) => `${severity} ${code} ${flow}`)).toEqual([
      "warning missing-fits invite-your-team",
    ]);
  });

  it("give the same findings every time, and leave the input as it was", () => {
    const before = JSON.stringify(input);
    expect(lint(input)).toEqual(lint(input));
    expect(JSON.stringify(input)).toBe(before);
  });

  it("name the file that a finding is about, where sources name it", () => {
    const sources = { flows: { "invite-your-team": "flows/invite-your-team.json" } };
    const [found] = lint({ ...input, sources }).filter(({ flow }) => flow === "invite-your-team");
    expect(found?.file).toBe("flows/invite-your-team.json");
    expect(lint(input)[0]).not.toHaveProperty("file");
  });
});
