import type { Text } from "@cairn/flow-schema";

/** The words in the environment's language, else in any; `""` for none. */
export function words(text: Text | undefined, locale: string): string {
  if (text === undefined) return "";
  if (typeof text === "string") return text;
  return text[locale] ?? text[locale.split("-", 1)[0] ?? ""] ?? Object.values(text)[0] ?? "";
}
