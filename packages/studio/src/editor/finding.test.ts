import flowSchema from "@cairn/flow-schema/flow.schema.json";
import { describe, expect, it } from "vitest";
import type { JSONSchema } from "vscode-json-languageservice";
import { en } from "../text/en.ts";
import { checkText, diagnosticsOf, sentence } from "./finding.ts";
import { createJsonService } from "./json-service.ts";

const service = createJsonService(flowSchema as unknown as JSONSchema);
const check = (text: string, known = {}) => checkText(text, known, service, en.flow.syntax);
const GOOD = `{
  "schemaVersion": 1, "id": "a", "kind": "tooltip",
  "steps": [
    { "id": "s", "target": { "anchor": "b" }, "title": "Hello" }
  ]
}`;

describe("checkText", () => {
  it("finds nothing in a good flow", async () => {
    const { findings, flow } = await check(GOOD);
    expect(findings).toEqual([]);
    expect(flow?.id).toBe("a");
  });
  it("accepts a flow that names its schema", async () => {
    const { findings } = await check(GOOD.replace("{", '{ "$schema": "../../x.json",'));
    expect(findings).toEqual([]);
  });
  it("says where text is not JSON, in the reader's words, and asks the validator nothing", async () => {
    const { findings, flow } = await check(GOOD.replace('"id": "a",', '"id": "a"'));
    expect(flow).toBeUndefined();
    expect(findings.length).toBeGreaterThan(0);
    expect(findings[0]).toMatchObject({ line: 2, path: "" });
    expect(Object.values(en.flow.syntax)).toContain(findings[0]?.message);
  });
  it("says of lists without end in each other that they are too deep", async () => {
    const { findings, flow } = await check("[".repeat(50_000));
    expect(flow).toBeUndefined();
    expect(findings.map(({ message }) => message)).toEqual([en.flow.syntax.deep]);
  });
  it("puts the validator's problem at its line, with what to write instead", async () => {
    const { findings } = await check(GOOD.replace('"anchor": "b"', '"ancor": "b"'));
    expect(findings.map(({ line, path }) => ({ line, path }))).toContainEqual({
      line: 4,
      path: "/steps/0/target/ancor",
    });
    expect(findings.every(({ fix }) => fix !== undefined)).toBe(true);
  });
  it("knows which features exist", async () => {
    const text = GOOD.replace('"steps"', '"audience": { "feature": "x", "is": "untried" }, "steps"');
    expect((await check(text, { features: ["x"] })).findings).toEqual([]);
    const { findings } = await check(text, { features: ["y"] });
    expect(findings[0]?.path).toBe("/audience/feature");
  });
});

describe("diagnosticsOf", () => {
  it("gives every finding at least one sign to underline, inside the text", () => {
    const base = { line: 1, path: "", message: "x", fix: undefined };
    const ranges = diagnosticsOf("abc", [
      { ...base, from: 3, to: 3 },
      { ...base, from: 0, to: 0 },
    ]).map(({ from, to }) => [from, to]);
    expect(ranges).toEqual([
      [2, 3],
      [0, 1],
    ]);
  });
});

describe("sentence", () => {
  it("begins with a capital and ends with a full stop, once", () => {
    expect(sentence("there is no flow")).toBe("There is no flow.");
    expect(sentence('did you mean "x"?')).toBe('Did you mean "x"?');
  });
});
