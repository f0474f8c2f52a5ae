import { parseMoment } from "../moment.ts";

/** A date or time as its author wrote it, in words; `undefined` for what is neither. */
export function momentWords(text: string, tag: string): string | undefined {
  if (parseMoment(text) === undefined) return undefined;
  const form = new Intl.DateTimeFormat(tag, {
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  // "2026 г." would end a sentence.
  const day = form.format(new Date(text.slice(0, 10))).replace(/ г\.$/, "");
  if (text.length <= 10) return day;
  const [, clock = "", zone = ""] = /T(\d\d:\d\d)\S*?(Z|[+-]\d\d:?\d\d)$/.exec(text) ?? [];
  return `${day}, ${clock} ${zone === "Z" ? "UTC" : `UTC${zone}`}`;
}

/** A language's own name in another: "de" is "German", "немецкий". */
export function languageWords(locale: string, tag: string): string {
  try {
    return new Intl.DisplayNames([tag], { type: "language" }).of(locale) ?? locale;
  } catch {
    return locale;
  }
}
