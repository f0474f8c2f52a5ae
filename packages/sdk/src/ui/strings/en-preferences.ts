import type { PreferencesStrings } from "./strings.ts";

export const enPreferences: PreferencesStrings = {
  title: "Hints",
  pause: "Pause all hints",
  paused: "Nothing opens by itself until you switch it off.",
  show: "Show me",
  categories: { tip: "Tips", onboarding: "First steps", news: "What is new", notice: "Notices" },
  again: "Tours you can see again",
  start: "Start",
  waits: "It begins on the page that it belongs to.",
};
