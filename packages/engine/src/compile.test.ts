import { readdirSync, readFileSync } from "node:fs";
import type { Config, Flow } from "@cairn/flow-schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile } from "./full.ts";
import { aConfig, aFlow, aStep, createDriver } from "./testing.ts";

const examples = (folder: string): unknown[] => {
  const url = new URL(`../../../examples/${folder}/`, import.meta.url);
  return readdirSync(url)
    .filter((file) => file.endsWith(".json"))
    .map((file) => JSON.parse(readFileSync(new URL(file, url), "utf8")));
};

describe("compile", () => {
  it("lists what the host page is to watch", () => {
    const compiled = compile(
      aConfig(
        [
          aFlow("a", {
            trigger: { any: [{ click: { anchor: "x" } }, { signal: "rage-click", target: { anchor: "y" } }] },
            audience: { element: { anchor: "z" }, is: "visible" },
          }),
        ],
        {
          features: [
            {
              id: "f",
              name: "F",
              uses: [{ input: { anchor: "q" } }],
              activated: { count: 1, within: "1d" },
            } as never,
          ],
        },
      ),
    );
    expect(compiled.interactions.map(({ key, action }) => `${action} ${key}`)).toEqual([
      "input q",
      "click x",
    ]);
    expect(compiled.elements.map(({ key }) => key)).toEqual(["z"]);
    expect(compiled.signalTargets.map(({ key }) => key)).toEqual(["y"]);
    expect(compiled.problems).toEqual([]);
  });

  it("wakes only those who listen", () => {
    const { triggers } = compile(
      aConfig([aFlow("a", { trigger: { event: "x" } }), aFlow("b", { trigger: { event: "y" } }), aFlow("c")]),
    );
    expect([...(triggers.get("e:x") ?? [])].map(({ id }) => id)).toEqual(["a"]);
    expect([...(triggers.get("page") ?? [])].map(({ id }) => id)).toEqual(["c"]);
  });

  it("does nothing for a button whose deed is none, and goes on with the next", () => {
    const none = [0, true, {}, ["next"], "jump"];
    const config = aConfig([
      aFlow("a", {
        steps: [{ ...aStep("one"), actions: [{ id: "go", label: "Go", do: [...none, "dismiss"] as never }] }],
      }),
    ]);
    const page = createDriver({ config });
    page.page("/");
    const before = page.effects.length;
    page.act("a", { kind: "button", id: "go" as never });
    expect(page.screen.size).toBe(0);
    expect(page.effects.slice(before).filter(({ type }) => type === "host" || type === "navigate")).toEqual(
      [],
    );
  });

  it("lets nobody reach a goal that names nothing", () => {
    const config = aConfig([aFlow("a", { goal: { reach: null } as never, steps: [aStep("one")] })]);
    const page = createDriver({ config });
    page.page("/");
    page.expose("a");
    page.track("any");
    expect(page.screen.size).toBe(1);
  });

  it("never throws on broken definitions, nor does what follows from them", () => {
    const sources = examples("flows") as Flow[];
    const wreck = fc.tuple(
      fc.nat(),
      fc.nat(),
      fc.oneof(fc.jsonValue(), fc.constantFrom(null, -1, "", [], {}, "__proto__")),
    );
    fc.assert(
      fc.property(fc.nat(), fc.array(wreck, { minLength: 1, maxLength: 3 }), (which, wrecks) => {
        const flow = JSON.parse(JSON.stringify(sources[which % sources.length])) as Record<string, unknown>;
        for (const [where, key, value] of wrecks) {
          const nodes: Record<string, unknown>[] = [];
          const walk = (node: unknown) => {
            if (typeof node !== "object" || node === null) return;
            nodes.push(node as Record<string, unknown>);
            Object.values(node).forEach(walk);
          };
          walk(flow);
          const node = nodes[where % nodes.length] ?? flow;
          const keys = Object.keys(node);
          node[keys[key % Math.max(1, keys.length)] ?? "x"] = structuredClone(value);
        }
        const config = {
          schemaVersion: 1,
          flows: [flow, flow],
          features: examples("features"),
          segments: [{ id: "first-week", where: {} }],
        } as unknown as Config;
        const page = createDriver({ config });
        page.send({ type: "identify", userId: "u", traits: { plan: "trial" } });
        page.send({ type: "group", accountId: "acme", traits: { plan: "trial" } });
        page.page("https://a.test/demo/reports");
        for (let i = 0; i < 4; i++) page.track("report.viewed");
        page.wait(300_000);
        for (const shown of [...page.screen.keys()]) page.expose(shown);
        for (const shown of [...page.screen.values()]) {
          for (const action of shown.step?.actions ?? [])
            page.send({ type: "action", run: shown.run, act: { kind: "button", id: action.id } });
          page.send({ type: "action", run: shown.run, act: { kind: "close" } });
        }
        page.reload();
      }),
      { numRuns: 500 },
    );
  });
});
