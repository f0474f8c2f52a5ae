import type { ChecklistStrings } from "./strings.ts";

export const enChecklist: ChecklistStrings = {
  progress: "Progress",
  done: "{done} of {total} done",
  left: { one: "{n} step left", other: "{n} steps left" },
  allDone: "All done",
  optional: "Optional",
  locked: "Locked",
  itemDone: "Done",
  itemOpen: "Not done yet",
};
