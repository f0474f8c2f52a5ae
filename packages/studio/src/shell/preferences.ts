export type Language = "en" | "ru";
export type Theme = "auto" | "light" | "dark";

/** What a reader chose for this browser. */
export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
}

const STORED = "cairn.studio.preferences";

/** Kept choices, else the browser's language and its own light or dark. */
export function readPreferences(spoken: readonly string[]): Preferences {
  const fallback: Preferences = { language: languageOf(spoken), theme: "auto" };
  try {
    const kept = JSON.parse(localStorage.getItem(STORED) ?? "{}") as Partial<Preferences>;
    return {
      language: kept.language === "en" || kept.language === "ru" ? kept.language : fallback.language,
      theme: kept.theme === "light" || kept.theme === "dark" ? kept.theme : "auto",
    };
  } catch {
    return fallback;
  }
}

export function keepPreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(STORED, JSON.stringify(preferences));
  } catch {}
}

/** The first of a browser's languages that the studio speaks; English where it speaks none of them. */
export function languageOf(spoken: readonly string[]): Language {
  for (const tag of spoken) {
    if (/^ru\b/i.test(tag)) return "ru";
    if (/^en\b/i.test(tag)) return "en";
  }
  return "en";
}
