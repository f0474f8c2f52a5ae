import flowSchema from "@cairn/flow-schema/flow.schema.json";
import { CompletionContext } from "@codemirror/autocomplete";
import { EditorState } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import type { JSONSchema } from "vscode-json-languageservice";
import { completionSource } from "./completion-source.ts";
import { createJsonService } from "./json-service.ts";
import { NO_NAMES, type Vocabulary } from "./names.ts";

const service = createJsonService(flowSchema as unknown as JSONSchema);
const VOCABULARY: Vocabulary = {
  ...NO_NAMES,
  events: [{ name: "report.viewed", detail: "1,204 times" }, { name: "report.exported" }],
  userAttributes: [{ name: "role" }],
  accountAttributes: [{ name: "plan" }],
  anchors: [{ name: "export-button" }],
  pages: [{ name: "/reports" }],
  features: [{ name: "report-export" }],
  segments: [{ name: "trial-admins" }],
  flows: [{ name: "first-week" }],
  categories: [{ name: "tip" }],
};
const source = completionSource(service, () => VOCABULARY);

/** What is offered where `|` stands, and the text that a choice replaces. */
async function offered(marked: string, explicit = true) {
  const pos = marked.indexOf("|");
  const text = marked.replace("|", "");
  const context = new CompletionContext(EditorState.create({ doc: text }), pos, explicit);
  const result = await source(context);
  return {
    labels: (result?.options ?? []).map((option) => option.displayLabel ?? option.label),
    replaced: result === null ? undefined : text.slice(result.from, result.to ?? pos),
  };
}

describe("completion", () => {
  it("offers the fields of a flow, without those that are there", async () => {
    const { labels } = await offered('{ "schemaVersion": 1, "id": "a", "kind": "tooltip", "| }');
    expect(labels).toEqual(expect.arrayContaining(["trigger", "audience", "steps", "frequency"]));
    expect(labels).not.toContain("kind");
  });
  it("offers the values of a list of words", async () => {
    const { labels, replaced } = await offered('{ "kind": "to|" }');
    expect(labels).toEqual(expect.arrayContaining(['"tooltip"', '"tour"', '"checklist"']));
    expect(replaced).toBe('"to"');
  });
  it("works in a file that names a schema of its own", async () => {
    const { labels } = await offered('{ "$schema": "../flow.schema.json", "kind": "|" }');
    expect(labels).toContain('"tour"');
  });
  it.each([
    ['{ "trigger": { "event": "|" } }', "report.viewed"],
    ['{ "trigger": { "event": "rep| } }', "report.viewed"],
    ['{ "trigger": { "event": | } }', "report.viewed"],
    ['{ "trigger": { "sequence": ["report.viewed", "|"] } }', "report.exported"],
    ['{ "trigger": { "sequence": [|] } }', "report.viewed"],
    ['{ "trigger": { "inactive": { "event": "|" } } }', "report.viewed"],
    ['{ "audience": { "user": { "|" } } }', "role"],
    ['{ "audience": { "user": { | } } }', "role"],
    ['{ "audience": { "account": { "$or": [{ "|" }] } } }', "plan"],
    ['{ "steps": [{ "target": { "anchor": "|" } }] }', "export-button"],
    ['{ "trigger": { "page": "|" } }', "/reports"],
    ['{ "trigger": { "page": ["|"] } }', "/reports"],
    ['{ "goal": { "reach": { "feature": "|" } } }', "report-export"],
    ['{ "audience": { "segment": "|" } }', "trial-admins"],
    ['{ "audience": { "all": [{ "flow": "|" }] } }', "first-week"],
    ['{ "steps": [{ "actions": [{ "do": { "start": "|" } }] }] }', "first-week"],
    ['{ "category": "|" }', "tip"],
  ])("completes the name in %s", async (text, name) => {
    const { labels } = await offered(text);
    expect(labels).toContain(name);
  });
  it("names nothing of ours inside a rule about the product's own attributes", async () => {
    const { labels } = await offered('{ "audience": { "user": { "page": "|" } } }');
    expect(labels).not.toContain("/reports");
  });
  it("offers whole conditions where a condition belongs", async () => {
    expect((await offered('{ "trigger": | }')).labels).toContain("event, n times within");
    expect((await offered('{ "audience": { "all": [|] } }')).labels).toContain("account attribute");
    expect((await offered('{ "steps": [|] }')).labels).toContain("step");
  });
  it("stays closed on a space until it is asked", async () => {
    expect((await offered('{ "id": "a", |}', false)).labels).toEqual([]);
    expect((await offered('{ "id": "a", |}', true)).labels).not.toEqual([]);
  });
  it("offers the alternatives to a name that is complete", async () => {
    const text = '{ "trigger": { "event": "report.viewed" } }';
    const state = EditorState.create({ doc: text });
    const asked = (explicit: boolean) =>
      source(new CompletionContext(state, text.indexOf("viewed") + 6, explicit));
    expect(await asked(true)).toMatchObject({ filter: false });
    expect(await asked(false)).toMatchObject({ filter: true });
  });
  it("replaces the whole string that the cursor is in", async () => {
    expect((await offered('{ "trigger": { "event": "rep|ort.x" } }')).replaced).toBe('"report.x"');
  });
});

describe("hover", () => {
  it("says what a field means, in plain text", async () => {
    const text = '{ "kind": "tooltip", "patience": "30m" }';
    const hover = await service.hover(text, text.indexOf("patience"));
    expect(hover?.text).toMatch(/wait/);
    expect(hover?.text).not.toContain("\\");
  });
  it("says nothing between fields", async () => {
    expect(await service.hover('{ "kind":   "tooltip" }', 1)).toBeUndefined();
  });
});
