import {
  AA_CONTRAST,
  type Colours,
  contrast,
  DARK_COLOURS,
  LIGHT_COLOURS,
  type Theme,
} from "@cairn/flow-schema";
import type { LintContext, Subject } from "./context.ts";

/** What stands on what, and what the SDK draws in its place where it cannot be read. */
const PAIRS = [
  ["text", "surface", "the words"],
  ["muted", "surface", "words that matter less"],
  ["onAccent", "accent", "the words of the main button"],
  ["accent", "surface", "links and progress"],
] as const satisfies readonly (readonly [keyof Colours, keyof Colours, string])[];

/** Colours of the settings and of each flow: codes `hard-to-read`, `see-through`. */
export function lintTheme(context: LintContext): void {
  const { theme } = context.settings;
  lintOne(context, {}, theme, {});
  for (const flow of context.flows) if (flow.theme) lintOne(context, { flow: flow.id }, flow.theme, theme);
}

/** `written` is laid over `below`; what stands below alone is not this definition's fault. */
function lintOne(context: LintContext, subject: Subject, written: Theme, below: Theme): void {
  const mode = written.mode ?? below.mode ?? "auto";
  for (const name of ["light", "dark"] as const) {
    const own = written[name];
    // Colours of a mode that nobody sees do no harm.
    if (!own || (mode !== "auto" && mode !== name)) continue;
    const path = `/theme/${name}`;
    const all = { ...(name === "dark" ? DARK_COLOURS : LIGHT_COLOURS), ...below[name], ...own };
    for (const [key, colour] of Object.entries(own))
      if (key !== "border" && colour.length === 9 && !/ff$/i.test(colour))
        context.report(
          "see-through",
          subject,
          `${path}/${key}`,
          `the page shows through ${colour}`,
          `write "${colour.slice(0, 7)}"`,
        );
    for (const [ink, ground, what] of PAIRS) {
      const found = contrast(all[ink], all[ground]);
      const isOurs = own[ink] !== undefined || own[ground] !== undefined;
      if (!isOurs || found >= AA_CONTRAST) continue;
      const mine = own[ink] === undefined ? ground : ink;
      context.report(
        "hard-to-read",
        subject,
        `${path}/${mine}`,
        `${what}, ${ink} ${all[ink]} on ${ground} ${all[ground]}, have a contrast of ${found.toFixed(1)}`,
        `give ${mine} a contrast of at least ${AA_CONTRAST} with ${mine === ink ? ground : ink}`,
      );
    }
  }
}
