import type { Text } from "@cairn/flow-schema";

/** BCP-47 fallback: `ru-RU` → `ru` → the environment's locale. */
export function localeChain(locale: string, fallback: string): readonly string[] {
  const chain: string[] = [];
  for (const tag of [locale, fallback])
    for (let end = tag.length; end >= 0; end = end ? tag.lastIndexOf("-", end - 1) : -1)
      chain.push(tag.slice(0, end).toLowerCase());
  return chain;
}

/** The words in the first language of the chain that there are; `undefined` where there are none. */
export function pickText(
  text: Text,
  chain: readonly string[],
): { readonly source: string; readonly locale: string | undefined } | undefined {
  if (typeof text === "string") return { source: text, locale: undefined };
  const tags = Object.keys(text);
  for (const wanted of chain) {
    const locale = tags.find((tag) => tag.toLowerCase() === wanted);
    if (locale !== undefined) return { source: text[locale] ?? "", locale };
  }
  return undefined;
}

const EXPRESSION = /\{\{([^{}]*)\}\}/g;

/** What stands between the braces, each once. */
export const expressionsIn = (source: string): readonly string[] => [
  ...new Set([...source.matchAll(EXPRESSION)].map((match) => match[1] ?? "")),
];

/** A text with its values in place, for where no Markdown is drawn. */
export const fillText = ({
  source,
  values,
}: {
  readonly source: string;
  readonly values: { readonly [key: string]: string };
}): string => source.replace(EXPRESSION, (_, key: string) => values[key] ?? "");
