import type { Text } from "@cairn/flow-schema";
import { resolveSettings } from "@cairn/flow-schema";
import type { Name, Vocabulary } from "../editor/names.ts";
import type { Format } from "../text/format.ts";
import type { Surroundings } from "./flow-api.ts";

/** How often a name arrived and when last, in the reader's words. */
export type SeenText = (count: number, lastSeen: string) => string;

/** The environment's names as the editor completes them, the most used first. */
export function vocabularyOf(surroundings: Surroundings, seen: SeenText, language: string): Vocabulary {
  const { catalog, flows, features, segments, settings } = surroundings;
  const counted = <T extends { count: number; lastSeen: string }>(
    list: readonly T[],
    nameOf: (entry: T) => string,
  ): readonly Name[] =>
    list
      .toSorted((a, b) => b.count - a.count)
      .map((entry) => ({ name: nameOf(entry), detail: seen(entry.count, entry.lastSeen) }));
  const attributes = (list: Surroundings["catalog"]["attributes"]["user"]): readonly Name[] =>
    list
      .toSorted((a, b) => b.count - a.count)
      .map(({ path, count, lastSeen, example }) => ({
        name: path,
        detail: JSON.stringify(example),
        info: seen(count, lastSeen),
      }));
  return {
    events: counted(catalog.events, ({ name }) => name).filter(({ name }) => !name.startsWith("cairn.")),
    userAttributes: attributes(catalog.attributes.user),
    accountAttributes: attributes(catalog.attributes.account),
    anchors: counted(catalog.anchors, ({ name }) => name),
    pages: counted(catalog.pages, ({ path }) => path),
    features: features.map(({ id, name }) => ({ name: id, detail: textIn(name, language) })),
    segments: segments.map(({ id, name }) => named(id, name, language)),
    flows: flows.map(({ id, name }) => (name === null ? { name: id } : { name: id, detail: name })),
    categories: resolveSettings(settings).categories.map((name) => ({ name })),
    owners: [],
  };
}

/** "seen 1,204 times, last on 3 Nov": made once per language. */
export function seenText(format: Format, words: (count: string, date: string) => string): SeenText {
  return (count, lastSeen) => words(format.number(count), format.date(lastSeen));
}

/** A text in a language, else in English, else in whatever it is written in. */
export function textIn(text: Text, language: string): string {
  if (typeof text === "string") return text;
  return text[language] ?? text.en ?? Object.values(text)[0] ?? "";
}

function named(id: string, name: Text | undefined, language: string): Name {
  return name === undefined ? { name: id } : { name: id, detail: textIn(name, language) };
}
