import flowSchema from "@cairn/flow-schema/flow.schema.json";
import { expect, it } from "vitest";
import type { JSONSchema } from "vscode-json-languageservice";
import { createJsonService } from "./json-service.ts";

const schema = flowSchema as unknown as JSONSchema;

it("can be made again for the next flow: the schema stays as it was", async () => {
  const before = JSON.stringify(schema);
  const text = '{ "schemaVersion": 1, "steps": [{ "" }], "trigger": { "" } }';
  const offer = async () => {
    const service = createJsonService(schema);
    const offered = await service.complete(text, text.indexOf('""') + 1);
    return offered.map(({ item }) => item.label);
  };
  const first = await offer();
  expect(first).toContain("placement");
  expect(JSON.stringify(schema)).toBe(before);
  expect(await offer()).toEqual(first);
});
