import { type Config, type Flow, resolveSettings } from "../../packages/flow-schema/src/index.ts";
import type { Cairn } from "../../packages/sdk/src/api.ts";
import { createCairn } from "../../packages/sdk/src/index.ts";

/** The whole SDK with definitions in the page: what people choose, and whether the engine obeys. */
declare global {
  interface Window {
    cairn: Cairn;
  }
}

const flow = (id: string, more: object) =>
  ({ schemaVersion: 1, id, kind: "tooltip", ...more }) as unknown as Flow;
const step = (id: string, title: string, actions: readonly object[] = []) => ({
  id,
  title,
  target: { anchor: "export-button" },
  actions,
});
const action = (id: string, label: string, deed: unknown) => ({ id, label, do: deed });

const config: Config = {
  schemaVersion: 1,
  environment: "gallery",
  settings: { budget: null },
  flows: [
    flow("tip", {
      category: "tip",
      frequency: { atMost: null, until: "none" },
      steps: [
        step("one", "Take this report with you", [
          action("fewer", "Fewer hints", "preferences"),
          action("ok", "Got it", "done"),
        ]),
      ],
    }),
    flow("first-value", {
      kind: "tour",
      category: "onboarding",
      title: "Your first report",
      trigger: { event: "tour" },
      steps: [
        step("one", "Start with a report", [action("next", "Next", "next")]),
        step("two", "That is the tour", [action("done", "Done", "done")]),
      ],
    }),
    ...["filters", "sums"].map((id) =>
      flow(id, {
        kind: "hotspot",
        category: "news",
        trigger: { event: "spots" },
        steps: [{ ...step("one", `About ${id}`), placement: id === "sums" ? "left" : "auto" }],
      }),
    ),
    flow("elsewhere", {
      kind: "tour",
      category: "onboarding",
      title: "Invoices",
      trigger: { event: "elsewhere" },
      steps: [{ ...step("one", "Here are invoices"), target: { anchor: "invoices" } }],
    }),
  ],
};
// Named here, so that a category without words of its own is looked at, too.
const categories = [...resolveSettings().categories, "price-changes"];
window.cairn = createCairn({ config: { ...config, settings: { ...config.settings, categories } } });
document.querySelector("#help")?.addEventListener("click", () => window.cairn.preferences());
