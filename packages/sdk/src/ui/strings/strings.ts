import { en } from "./en.ts";

/** Words by plural category of the locale (`Intl.PluralRules`). */
export type Plural = { readonly other: string } & { readonly [category in Intl.LDMLPluralRule]?: string };

/** Cairn's own words; hints' words come with their view. `{name}` is filled in by {@link fill}. */
export interface Strings {
  readonly locale: string;
  readonly close: string;
  /** Said when a tour goes on: `{n}`, `{count}`. */
  readonly step: string;
  /** Seen beside the dots of a tour: `{n}`, `{count}`. */
  readonly progress: string;
  /** Said once after a hint has opened: `{key}`. */
  readonly reach: string;
  /** Name of a hotspot's beacon, `{title}`; absent in English, as below. */
  readonly hotspot?: string;
  /** Absent in English, whose words come with the checklist's own chunk. */
  readonly checklist?: ChecklistStrings;
  /** Of videos; absent in English, as above. */
  readonly film?: FilmStrings;
  /** Of Cairn's own panels; absent in English, as above. */
  readonly panels?: PanelStrings;
  /** Absent in English, as above. */
  readonly preferences?: PreferencesStrings;
}

export interface PreferencesStrings {
  readonly title: string;
  readonly pause: string;
  readonly paused: string;
  /** Above the categories. */
  readonly show: string;
  /** Of those that there are where the settings say nothing else. */
  readonly categories: {
    readonly [category in "tip" | "onboarding" | "news" | "notice"]: string;
  };
  /** Above the tours. */
  readonly again: string;
  readonly start: string;
  /** Said where a tour that was asked for begins elsewhere. */
  readonly waits: string;
}

export interface FilmStrings {
  /** `{name}`. */
  readonly play: string;
  readonly failed: string;
  readonly open: string;
}

export interface PanelStrings {
  /** What the account's own person here is called. */
  readonly csm: string;
  readonly support: string;
  readonly book: string;
  /** `{phone}`. */
  readonly call: string;
  /** `{email}`. */
  readonly write: string;
  readonly site: string;
  readonly nobody: string;
  readonly copied: string;
  readonly copy: string;
  readonly copyHow: string;
}

export interface ChecklistStrings {
  readonly progress: string;
  /** `{done}`, `{total}`. */
  readonly done: string;
  readonly left: Plural;
  readonly allDone: string;
  readonly optional: string;
  readonly locked: string;
  readonly itemDone: string;
  readonly itemOpen: string;
}

export function fill(template: string, values: { readonly [name: string]: string | number }): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}

/** The strings at once where they are built in, else a promise for their chunk; English where there are none. */
export function stringsFor(locale: string): Strings | Promise<Strings> {
  const chunk: Promise<{ readonly words: Strings }> | undefined = /^ru\b/i.test(locale)
    ? import("./ru.ts")
    : /^ar\b/i.test(locale)
      ? import("./ar.ts")
      : undefined;
  return (
    chunk?.then(
      ({ words }) => words,
      () => en,
    ) ?? en
  );
}
