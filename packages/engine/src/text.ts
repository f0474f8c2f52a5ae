import type { JsonObject, Text } from "@cairn/flow-schema";
import { readPath } from "./attribute.ts";
import { parseMoment } from "./moment.ts";

/** BCP-47 fallback: `ru-RU` → `ru` → the environment's locale. */
export function localeChain(locale: string, fallback: string): readonly string[] {
  const chain: string[] = [];
  for (const tag of [locale, fallback])
    for (let parts = tag.split("-"); parts.length > 0; parts = parts.slice(0, -1))
      chain.push(parts.join("-").toLowerCase());
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

export interface Variables {
  readonly user: JsonObject;
  readonly account: JsonObject;
  readonly event: JsonObject;
}

/** Formats one `path | format: "…" | "fallback"`; `undefined` where the value is missing and has no fallback. */
export function formatExpression(
  expression: string,
  variables: Variables,
  locale: string,
  timeZone: string,
): string | undefined {
  const [path = "", ...rest] = expression.split(/\|(?=(?:[^"]*"[^"]*")*[^"]*$)/).map((part) => part.trim());
  let value = readPath(variables, path);
  let fallback: string | undefined;
  let text: string | undefined;
  for (const part of rest) {
    const quoted = /^"(.*)"$/s.exec(part);
    if (quoted) fallback = quoted[1];
    else {
      const [name = "", argument = ""] = part.split(":").map((one) => one.trim().replaceAll('"', ""));
      text = formatValue(value, name, argument, locale, timeZone);
      if (text === undefined) value = null;
    }
  }
  text ??=
    typeof value === "number" ? formatValue(value, "number", "", locale, timeZone) : primitiveText(value);
  return text || fallback;
}

const primitiveText = (value: unknown) =>
  typeof value === "string" || typeof value === "boolean" ? `${value}` : undefined;

function formatValue(
  value: unknown,
  name: string,
  argument: string,
  locale: string,
  zone: string,
): string | undefined {
  try {
    if (name === "date" || name === "time") {
      const moment = parseMoment(value);
      if (moment === undefined) return undefined;
      // A date without a time is the same day everywhere.
      const timeZone = typeof value === "string" && value.length === 10 ? "UTC" : zone;
      const style = name === "date" ? { dateStyle: "long" as const } : { timeStyle: "short" as const };
      return new Intl.DateTimeFormat(locale, { ...style, timeZone }).format(moment);
    }
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    if (typeof number !== "number" || !Number.isFinite(number)) return undefined;
    if (name === "money")
      return new Intl.NumberFormat(locale, { style: "currency", currency: argument }).format(number);
    return name === "number" ? new Intl.NumberFormat(locale).format(number) : undefined;
  } catch {
    // An unknown currency, zone or language tag.
    return undefined;
  }
}
