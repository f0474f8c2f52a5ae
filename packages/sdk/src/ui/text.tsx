import type { RunView, TextView } from "@cairn/engine";
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
}

/** Words on one line without links: titles and labels. */
export const line = (text: TextView, { rich }: Kit) => rich?.drawLine(text) ?? plain(text);

/** Words with paragraphs, lists and links. */
export const prose = (text: TextView, { rich, allowsUrl }: Kit) =>
  rich?.drawProse(text, allowsUrl) ?? <p>{plain(text)}</p>;

/** The words alone, to be read out. */
export const spoken = (text: TextView, { rich }: Kit): string => rich?.wordsOf(text) ?? plain(text);

const plain = ({ source, values }: TextView) => withValues(source, values);

/** Whether this hint takes more than a plain tooltip has: Markdown, media, or the steps of a tour. */
export const needsRich = ({ kind, title, step, items }: RunView): boolean =>
  kind === "tour" ||
  step?.media !== undefined ||
  [title, step?.title, step?.body, ...(step?.actions ?? []).map((each) => each.label)]
    .concat((items ?? []).flatMap((item) => [item.title, item.body]))
    .some((text) => text !== undefined && !isPlain(text.source));

/** Links to other places open beside the host's page, so that nothing a person has typed is lost. */
export const linkTarget = (url: string) =>
  /^https?:/i.test(url) ? { target: "_blank", rel: "noopener noreferrer" } : {};
