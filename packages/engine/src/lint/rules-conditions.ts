/** Findings about conditions. */
export const CONDITION_RULES = [
  {
    code: "never-true",
    severity: "error",
    title: "A condition that can never be true",
    help: "Its tests contradict each other, so whatever depends on it never happens. Take one of the tests out. Proven for every value an attribute can have, missing ones too; where the condition is one of several alternatives it is a warning.",
  },
  {
    code: "always-true",
    severity: "warning",
    title: "A condition that is always true",
    help: "It lets everybody through, so it says less than it seems to. Leave it out, or narrow it.",
  },
  {
    code: "only-lists-fit",
    severity: "warning",
    title: "Fits only attributes that are lists",
    help: "A list may hold both of two values, a single value cannot. If the attribute is a single value, nobody fits.",
  },
  {
    code: "missing-fits",
    severity: "warning",
    title: "People without the attribute fit too",
    help: 'A missing attribute is compared as null, and null counts as 0: it passes $lt 5 and equals 0. Add "$exists": true if only people who have the attribute are meant.',
  },
  {
    code: "loose-match",
    severity: "info",
    title: "A number also matches a text",
    help: 'A number written by itself matches the text that reads as it, as in GrowthBook: {"n": 5} matches 5 and "5". Write {"$eq": 5} where only the number is meant.',
  },
  {
    code: "moment-in-audience",
    severity: "warning",
    title: "A click or signal in the audience",
    help: "A click, hover, focus, input or signal is true only at that very moment. In an audience it shuts out everybody at any other moment. Put it into the trigger.",
  },
  {
    code: "unknown-device-attribute",
    severity: "warning",
    title: "The device has no such attribute",
    help: "A device has width, height and touch; anything else is always missing.",
  },
] as const;
