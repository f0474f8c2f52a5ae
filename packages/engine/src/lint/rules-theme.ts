/** Findings about colours. */
export const THEME_RULES = [
  {
    code: "hard-to-read",
    severity: "warning",
    title: "Colours that cannot be read on each other",
    help: "Words need a contrast of 4.5 with what they stand on (WCAG AA). Where they lack it the SDK draws them in another colour, so your theme is not what people see. Darken the one or lighten the other.",
  },
  {
    code: "see-through",
    severity: "warning",
    title: "A colour that lets the page show through",
    help: "What stands behind a hint is not known, so nothing could be sure to be read. The SDK leaves the last two digits away, but for borders. Write six digits.",
  },
] as const;
