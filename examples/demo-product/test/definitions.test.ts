import { readFileSync } from "node:fs";
import { formatProblem, validateConfig } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import { readDefinitions } from "../seed/definitions.ts";
import { ANCHORS } from "../src/anchors.ts";
import { EVENTS, FLOW_EVENTS } from "../src/events.ts";

const { flows, features, segments, settings } = readDefinitions();

/** Every value under one of these keys, anywhere inside. */
function valuesOf(value: unknown, keys: readonly string[]): unknown[] {
  if (Array.isArray(value)) return value.flatMap((entry) => valuesOf(entry, keys));
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => [
    ...(keys.includes(key) ? [entry] : []),
    ...valuesOf(entry, keys),
  ]);
}
const strings = (values: unknown[]): string[] => values.flat().filter((value) => typeof value === "string");

describe("example definitions", () => {
  it("are one valid configuration of 9 flows, 6 features and 2 segments", () => {
    const checked = validateConfig({ schemaVersion: 1, flows, features, segments, settings });
    expect(checked.ok ? [] : checked.problems.map((problem) => formatProblem(problem))).toEqual([]);
    expect([flows.length, features.length, segments.length]).toEqual([9, 6, 2]);
  });

  it("lie in files named for their ids, with a schema that exists", () => {
    for (const flow of flows) {
      const file = new URL(`../../flows/${flow.id}.json`, import.meta.url);
      const { $schema } = JSON.parse(readFileSync(file, "utf8")) as { $schema: string };
      expect(() => readFileSync(new URL($schema, file))).not.toThrow();
    }
  });

  it("wait only for events that Saldo or a flow's own button tracks", () => {
    const known = new Set<string>([...EVENTS, ...FLOW_EVENTS]);
    const asked = strings(valuesOf([flows, features, segments], ["event", "sequence", "without", "track"]));
    expect(asked.filter((event) => !known.has(event))).toEqual([]);
    expect(asked.length).toBeGreaterThan(20);
  });

  it("point only at anchors that Saldo has", () => {
    const asked = strings(valuesOf(flows, ["anchor"]));
    expect(asked.filter((anchor) => !(ANCHORS as readonly string[]).includes(anchor))).toEqual([]);
    expect(asked.length).toBe(13);
  });

  it("speak English and Russian, calmly, and always leave a way out", () => {
    const texts = valuesOf([flows, features], ["title", "body", "label"]);
    expect(texts.length).toBeGreaterThan(50);
    for (const text of texts) {
      expect(Object.keys(text as object)).toEqual(["en", "ru"]);
      expect(JSON.stringify(text)).not.toContain("!");
    }
    for (const flow of flows as readonly { id: string; steps?: { actions: unknown[] }[] }[])
      for (const step of flow.steps ?? []) expect(step.actions.length, flow.id).toBeGreaterThanOrEqual(2);
  });

  it("give each flow an owner, a reason and a day to look at it again", () => {
    for (const flow of flows as readonly { owner?: string; why?: string; reviewBy?: string }[])
      expect(flow.owner && flow.why && flow.reviewBy).toBeTruthy();
  });
});
