import type { RunView, StepView, TextView } from "@cairn/engine";
import type { Strings } from "./strings/strings.ts";
import { isPlain, withValues } from "./values.ts";

/** Whether an address may be followed or loaded. */
export type AllowsUrl = (url: string) => boolean;

/** What every part of a hint is drawn with. */
export interface Kit {
  readonly strings: Strings;
  readonly allowsUrl: AllowsUrl;
  /** `null` until a hint has needed it, and where it did not come: then marks stand as they are written. */
  readonly rich: typeof import("./rich.tsx") | null;
  /** The same, of modals, slideouts and banners. */
  readonly windows: typeof import("./windows.tsx") | null;
  /** The same, of videos. */
  readonly film: typeof import("./film.tsx") | null;
}

/** Words on one line without links: titles and labels. */
export const line = (text: TextView, { rich }: Kit) => rich?.drawLine(text) ?? plain(text);

/** Words with paragraphs, lists and links. */
export const prose = (text: TextView, { rich, allowsUrl }: Kit) =>
  rich?.drawProse(text, allowsUrl) ?? <p>{plain(text)}</p>;

/** The words alone, to be read out. */
export const spoken = (text: TextView, { rich }: Kit): string => rich?.wordsOf(text) ?? plain(text);

const plain = ({ source, values }: TextView) => withValues(source, values);

/** Whether the buttons of a step are answers to choose from: several, and none that stands out. */
export const isChoice = ({ actions }: StepView): boolean =>
  actions.filter(({ style }) => style === "secondary").length > 1 &&
  actions.every(({ style }) => style !== "primary");

/** Whether this hint takes more than a plain tooltip has: Markdown, media, a theme, several steps, or a choice. */
export function needsRich({ kind, theme, step, title, items }: RunView): boolean {
  let needs =
    kind === "tour" ||
    (step && (step.media || step.count > 1 || isChoice(step))) ||
    Object.keys(theme).length > 0;
  // Whatever holds words.
  JSON.stringify([step, title, items], (key, value) => {
    needs ||= key === "source" && !isPlain(value);
    return value;
  });
  return !!needs;
}

/** Links to other places open beside the host's page, so that nothing a person has typed is lost. */
export const linkTarget = (url: string) =>
  /^https?:/i.test(url) ? { target: "_blank", rel: "noopener noreferrer" } : {};
