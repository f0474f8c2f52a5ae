import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Day } from "../model/day.ts";
import { en, type Words } from "./en.ts";
import { ru } from "./ru.ts";

export const LANGUAGES = ["en", "ru"] as const;
export type Language = (typeof LANGUAGES)[number];

export function wordsOf(language: Language): Words {
  return language === "ru" ? ru : en;
}

export const WordsContext = createContext<Words>(en);
export const useWords = (): Words => useContext(WordsContext);

/** `1,234.50 €` in the reader's way; takes euro cents. */
export function money(words: Words, cents: number): string {
  return new Intl.NumberFormat(words.tag, { style: "currency", currency: "EUR" }).format(cents / 100);
}

/** Like {@link money} without the sign: for columns that say "euros" once. */
export function amount(words: Words, cents: number): string {
  return new Intl.NumberFormat(words.tag, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(
    cents / 100,
  );
}

export function shortDate(words: Words, day: Day): string {
  return new Intl.DateTimeFormat(words.tag, { day: "numeric", month: "short", timeZone: "UTC" })
    .format(new Date(day))
    .replace(/\.$/, "");
}

export function longDate(words: Words, day: Day): string {
  return new Intl.DateTimeFormat(words.tag, { day: "numeric", month: "long", timeZone: "UTC" }).format(
    new Date(day),
  );
}

/** `Nov 2026`; takes `2026-11`. */
export function monthName(words: Words, month: string, style: "short" | "long" = "long"): string {
  const date = new Date(`${month}-01`);
  const name = new Intl.DateTimeFormat(words.tag, { month: style, timeZone: "UTC" }).format(date);
  const plain = name.replace(/\.$/, "");
  if (style === "short") return plain;
  return `${plain.charAt(0).toLocaleUpperCase(words.tag)}${plain.slice(1)} ${month.slice(0, 4)}`;
}
