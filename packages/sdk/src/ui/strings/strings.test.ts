import { readFile } from "node:fs/promises";
import { brotliCompressSync } from "node:zlib";
import { transform } from "esbuild";
import { describe, expect, it } from "vitest";
import { LABEL } from "../hotspot.tsx";
import { words as ar } from "./ar.ts";
import { en } from "./en.ts";
import { enChecklist } from "./en-checklist.ts";
import { enFilm } from "./en-film.ts";
import { enPanels } from "./en-panels.ts";
import { enPreferences } from "./en-preferences.ts";
import { plural } from "./plural.ts";
import { words as ru } from "./ru.ts";
import { fill, stringsFor } from "./strings.ts";

const names = (template: string) => [...template.matchAll(/\{\w+\}/g)].map(String).sort();

function sameWords(one: object, other: object) {
  expect(Object.keys(other).sort()).toEqual(Object.keys(one).sort());
  for (const [key, word] of Object.entries(one)) {
    const translated: unknown = Object.entries(other).find(([name]) => name === key)?.[1];
    if (typeof word !== "string" || typeof translated !== "string") continue;
    expect(translated, `${key} is translated`).not.toBe(word);
    expect(translated, key).not.toBe("");
    expect(names(translated), key).toEqual(names(word));
  }
}

describe("Cairn's own strings", () => {
  it("are complete in Russian and Arabic and fill in the same names", () => {
    for (const words of [ru, ar]) {
      const parts = { checklist: enChecklist, film: enFilm, panels: enPanels, preferences: enPreferences };
      sameWords({ ...en, hotspot: LABEL, ...parts }, words);
      for (const [name, part] of Object.entries(parts))
        sameWords(part, words[name as keyof typeof parts] ?? {});
      sameWords(enPreferences.categories, words.preferences?.categories ?? {});
    }
  });

  it("have a form for each plural category of whole numbers", () => {
    for (const [locale, { left }] of [
      ["en", enChecklist],
      ["ru", ru.checklist],
      ["ar", ar.checklist],
    ] as const) {
      const rules = new Intl.PluralRules(locale);
      for (let n = 0; n <= 120; n++)
        expect(locale === "ar" ? left.other : left[rules.select(n)], `${locale} ${n}`).toContain("{n}");
    }
  });

  it("inflect in Russian", () => {
    expect([1, 2, 5, 11, 21, 22].map((n) => plural("ru", ru.checklist.left, n))).toEqual([
      "Остался 1 шаг",
      "Осталось 2 шага",
      "Осталось 5 шагов",
      "Осталось 11 шагов",
      "Остался 21 шаг",
      "Осталось 22 шага",
    ]);
  });

  it("leave a name without a value as it stands", () => {
    expect(fill("{n} of {count}", { n: 2 })).toBe("2 of {count}");
  });

  it("are there at once in English and for languages without a translation", async () => {
    expect(stringsFor("en-GB")).toBe(en);
    expect(stringsFor("de")).toBe(en);
    expect(await stringsFor("ru-RU")).toBe(ru);
    expect(await stringsFor("ar-EG")).toBe(ar);
  });

  it("weigh at most 1 kB in each language that comes in a chunk of its own", async () => {
    for (const locale of ["ru", "ar"]) {
      const path = new URL(`./${locale}.ts`, import.meta.url);
      const { code } = await transform(await readFile(path, "utf8"), { loader: "ts", minify: true });
      const weight = brotliCompressSync(code).length;
      expect(weight, locale).toBeLessThanOrEqual(1000);
      expect(weight, locale).toBeGreaterThan(500);
    }
  });
});
