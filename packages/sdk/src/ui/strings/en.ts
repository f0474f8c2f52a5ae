import type { Strings } from "./strings.ts";

export const en: Strings = {
  locale: "en",
  close: "Close",
  step: "Step {n} of {count}",
  progress: "{n} of {count}",
  reach: "Press {key} to reach this hint.",
};
