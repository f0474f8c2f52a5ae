import type { LintContext } from "./context.ts";
import { textsIn } from "./texts.ts";

/**
 * Texts that lack a language: code `missing-locale`. Wanted are the flow's `locales`; where it lists none, every language
 * that one of its texts has, and the environment's.
 */
export function lintLocales(context: LintContext): void {
  const { locale } = context.settings;
  for (const flow of context.flows) {
    const texts = textsIn(flow).filter(({ text }) => typeof text === "object");
    const written = texts.flatMap(({ text }) => Object.keys(text));
    const wanted =
      flow.locales ??
      [...new Set(texts.length === 0 ? [] : [locale, ...written])].filter(
        // "ru" covers "ru-RU" where both are written.
        (tag, _, all) => !all.some((other) => other !== tag && covers(other, tag)),
      );
    for (const { path, text } of texts) {
      const tags = Object.keys(text);
      const missing = wanted.filter((tag) => !tags.some((one) => covers(one, tag)));
      if (missing.length === 0) continue;
      const what = missing.map((tag) => `"${tag}"`).join(", ");
      context.report(
        "missing-locale",
        { flow: flow.id },
        path,
        `the text is missing in ${what}`,
        `write it in ${what}, or list the languages of the flow in "locales"`,
      );
    }
  }
}

/** Whether a text in one language serves people of the other: `ru` serves `ru-RU`. */
const covers = (has: string, wanted: string) =>
  `${wanted.toLowerCase()}-`.startsWith(`${has.toLowerCase()}-`);
