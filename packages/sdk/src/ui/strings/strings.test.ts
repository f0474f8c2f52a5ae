import { describe, expect, it } from "vitest";
import { en } from "./en.ts";
import { ru } from "./ru.ts";
import { fill, plural, stringsFor } from "./strings.ts";

const names = (template: string) => [...template.matchAll(/\{\w+\}/g)].map(String).sort();

describe("Cairn's own strings", () => {
  it("are complete in Russian and fill in the same names", () => {
    const keys = Object.keys(en) as (keyof typeof en)[];
    expect(Object.keys(ru).sort()).toEqual([...keys].sort());
    for (const key of keys) {
      const [a, b] = [en[key], ru[key]];
      if (typeof a === "string" && typeof b === "string") {
        expect(b, key).not.toBe("");
        expect(names(b), key).toEqual(names(a));
        expect(b, `${key} is translated`).not.toBe(a);
      }
    }
  });

  it("have a form for each plural category of whole numbers", () => {
    for (const strings of [en, ru]) {
      const rules = new Intl.PluralRules(strings.locale);
      for (let n = 0; n <= 120; n++) expect(strings.left[rules.select(n)]).toContain("{n}");
    }
  });

  it("inflect in Russian", () => {
    expect([1, 2, 5, 11, 21, 22].map((n) => plural(ru, ru.left, n))).toEqual([
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
  });
});
