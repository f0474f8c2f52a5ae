import { type FlowId, toId, validateFlow } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import { flowFromTemplate, idFromName, TEMPLATES } from "./templates.ts";

describe("templates", () => {
  it.each(TEMPLATES)("gives a %s that the validator accepts as it stands", (template) => {
    expect(validateFlow(flowFromTemplate(template, toId<FlowId>("new-flow"), "New flow"))).toMatchObject({
      ok: true,
    });
  });
});

describe("idFromName", () => {
  it.each([
    ["First export!", "first-export"],
    ["  Über—uns  ", "uber-uns"],
    ["Первая выгрузка", "pervaya-vygruzka"],
    ["Щука, ёж и йод", "shchuka-ezh-i-yod"],
    ["!!!", ""],
  ])("makes %s into %s", (name, id) => {
    expect(idFromName(name)).toBe(id);
  });
});
