import type { JsonObject } from "@cairn/flow-schema";
import { readPath } from "./attribute.ts";
import { parseMoment } from "./moment.ts";

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
