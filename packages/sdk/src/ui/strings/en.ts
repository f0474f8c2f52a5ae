import type { Strings } from "./strings.ts";

export const en: Strings = {
  locale: "en",
  close: "Close",
  step: "Step {n} of {count}",
  progress: "{n} of {count}",
  done: "{done} of {total} done",
  left: { one: "{n} step left", other: "{n} steps left" },
  allDone: "All done",
  progressLabel: "Progress",
  optional: "Optional",
  locked: "Locked",
  itemDone: "Done",
  itemOpen: "Not done yet",
  reach: "Press {key} to reach this hint.",
};
