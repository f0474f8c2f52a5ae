import { describe, expect, it } from "vitest";
import { formatExpression } from "./format.ts";
import { expressionsIn, fillText, localeChain, pickText } from "./text.ts";

const variables = {
  user: { name: "Ann", visits: 1234.5, empty: "", ok: true, tags: ["a"] },
  account: { due: 1999.9, dueAt: "2026-03-05", endsAt: "2026-03-05T22:30:00Z" },
  event: {},
};
const say = (expression: string, locale = "en", zone = "UTC") =>
  formatExpression(expression, variables, locale, zone)?.replaceAll("\u00a0", " ").replaceAll("\u202f", " ");

describe("text", () => {
  it("falls back from region to language to the environment's locale", () => {
    expect(localeChain("ru-RU", "en")).toEqual(["ru-ru", "ru", "en"]);
    const text = { en: "Hello", ru: "Привет", "pt-BR": "Olá" };
    expect(pickText(text, localeChain("ru-RU", "en"))).toEqual({ source: "Привет", locale: "ru" });
    expect(pickText(text, localeChain("pt-br", "en"))?.source).toBe("Olá");
    expect(pickText(text, localeChain("fr", "en"))?.source).toBe("Hello");
    expect(pickText({ de: "Hallo" }, localeChain("fr", "en"))).toBeUndefined();
    expect(pickText("Same", localeChain("fr", "en"))).toEqual({ source: "Same", locale: undefined });
  });

  it("finds each expression once, as it is written", () => {
    expect(expressionsIn("{{user.name}} and {{ user.name }} and {{user.name}}")).toEqual([
      "user.name",
      " user.name ",
    ]);
  });

  it.each([
    ["user.name", "en", "Ann"],
    [' user.name | "there" ', "en", "Ann"],
    ['user.nobody | "there"', "en", "there"],
    ["user.nobody", "en", undefined],
    ["user.empty", "en", undefined],
    ["user.tags", "en", undefined],
    ["user.ok", "en", "true"],
    ["user.visits", "en", "1,234.5"],
    ["user.visits", "ru", "1 234,5"],
    ['account.due | money: "EUR"', "en", "€1,999.90"],
    ['account.due | money: "RUB"', "ru", "1 999,90 ₽"],
    ['account.due | money: "nope"', "en", undefined],
    ['account.due | money: "nope" | "a sum"', "en", "a sum"],
    ['user.name | money: "EUR" | "a | b"', "en", "a | b"],
    ["account.dueAt | date", "en", "March 5, 2026"],
    ["account.dueAt | date", "ru", "5 марта 2026 г."],
    ["user.name | date", "en", undefined],
    ["user.constructor", "en", undefined],
  ])("says %s in %s as %j", (expression, locale, said) => {
    expect(say(expression, locale)).toBe(said);
  });

  it("gives moments in the person's zone, and days as they are written", () => {
    expect(say("account.endsAt | date", "en", "Europe/Moscow")).toBe("March 6, 2026");
    expect(say("account.endsAt | date", "en", "America/New_York")).toBe("March 5, 2026");
    expect(say("account.dueAt | date", "en", "America/New_York")).toBe("March 5, 2026");
  });

  it("fills in values where no Markdown is drawn", () => {
    expect(fillText({ source: "Hi {{user.name}}", values: { "user.name": "Ann" } })).toBe("Hi Ann");
  });
});
