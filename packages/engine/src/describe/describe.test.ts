import { readdirSync, readFileSync } from "node:fs";
import type { Condition, Flow } from "@cairn/flow-schema";
import { expect, it, describe as suite } from "vitest";
import { aFlow } from "../testing.ts";
import { describe } from "./index.ts";
import { plural } from "./russian-numbers.ts";

const names = {
  features: [
    { id: "report-export", name: { en: "Report export", ru: "Выгрузка отчёта" } },
    { id: "report-filter", name: "Filters" },
    { id: "team", name: { en: "Team", ru: "Команда" }, level: "account" as const },
  ],
  segments: [{ id: "admins", name: { en: "Administrators", ru: "Администраторы" } }],
};

const flow = aFlow("first-export", {
  name: "First export",
  audience: {
    all: [{ account: { plan: { $in: ["trial", "pro"] } } }, { feature: "report-export", is: "untried" }],
  },
  trigger: { event: "report.viewed", atLeast: 3, within: "14d" },
  frequency: { atMost: 2, gap: "7d", until: "goal" },
  goal: { reach: { feature: "report-export", is: "activated" }, within: "14d" },
  holdout: { share: "10%", by: "account" },
});

suite("describe", () => {
  it("reads a whole flow back as one English sentence", () => {
    expect(describe(flow, "en", names)).toBe(
      "The tooltip “First export” appears when they have done “report viewed” at least 3 times in 14 days, if their account's plan is trial or pro and they have not tried “Report export” yet; at most twice, at least 7 days apart, until they use “Report export” regularly (within 14 days of seeing it); 10% of accounts do not get it, for comparison.",
    );
  });

  it("reads a whole flow back as one Russian sentence", () => {
    expect(describe(flow, "ru", names)).toBe(
      "Подсказка «First export» появляется, когда они сделали «report viewed» 3 раза или чаще за 14 дней, если у их аккаунта «plan» — trial или pro и они ещё не пробовали «Выгрузка отчёта»; не больше 2 раз, не чаще раза в 7 дней, до тех пор, когда окажется, что они освоили «Выгрузка отчёта» (за 14 дней после показа); 10 % аккаунтов не увидят — для сравнения.",
    );
  });

  it("leaves out nothing that decides who gets it, and when", () => {
    const whole = aFlow("a", {
      kind: "modal",
      enabled: false,
      frequency: { atMost: 3, per: "account", until: "none" },
      schedule: { from: "2026-03-01", to: "2026-05-01" },
      expires: "2026-04-01T10:00:00Z",
      patience: "2h",
      variants: [
        { id: "x", weight: 1 },
        { id: "y", weight: 1 },
      ] as never,
    });
    expect(describe(whole, "en")).toBe(
      "The modal “a” appears on every page, for everybody; at most 3 times, counted over all people of an account; only from 1 March 2026 before 1 April 2026, 10:00 UTC; in 2 versions, to compare them; it waits 2 hours at most for a moment when it may come; it is switched off.",
    );
    expect(describe(whole, "ru")).toBe(
      "Окно «a» появляется на каждой странице, для всех; не больше 3 раз, считая всех людей аккаунта вместе; только с 1 марта 2026 до 1 апреля 2026, 10:00 UTC; вариантов для сравнения: 2; ждёт удобного момента не больше 2 часов; показ сейчас выключен.",
    );
  });

  it("counts in Russian as Russians do", () => {
    const forms = ["раз", "раза", "раз"] as const;
    expect(
      [1, 2, 3, 4, 5, 11, 12, 14, 21, 22, 25, 101, 111, 112].map((n) => `${n} ${plural(n, forms)}`),
    ).toEqual([
      "1 раз",
      "2 раза",
      "3 раза",
      "4 раза",
      "5 раз",
      "11 раз",
      "12 раз",
      "14 раз",
      "21 раз",
      "22 раза",
      "25 раз",
      "101 раз",
      "111 раз",
      "112 раз",
    ]);
  });

  const said: readonly [Condition, en: string, ru: string][] = [
    [{ event: "x" }, "they have done “x”", "они сделали «x»"],
    [{ not: { event: "x" } }, "they have never done “x”", "они ни разу не сделали «x»"],
    [
      { event: "x", atMost: 0, within: "1d" },
      "they have not done “x” in the last one day",
      "они ни разу не сделали «x» за 1 день",
    ],
    [{ event: "x", exactly: 5 }, "they have done “x” exactly 5 times", "они сделали «x» ровно 5 раз"],
    [
      { event: "x", atLeast: 2, atMost: 4, within: "1w", by: "account" },
      "people of their account have done “x” at least twice and at most 4 times in one week",
      "люди их аккаунта сделали «x» 2 раза или чаще, но не больше 4 раз за 1 неделю",
    ],
    [
      { event: "x", where: { total: { $gt: 100 } } },
      "they have done “x” where its total is above 100",
      "они сделали «x», где у него «total» больше 100",
    ],
    [
      { sequence: ["a.b", "c"], without: "d", within: "30m", wait: "2m" },
      "they did “a b”, then “c” within 30 minutes, but not “d”, and 2 minutes have passed since",
      "они сделали «a b», потом «c» за 30 минут, но не «d», и с тех пор прошло 2 минуты",
    ],
    [
      { inactive: { feature: "report-filter" as never }, for: "21d" },
      "they once used “Filters”, but not for 21 days",
      "раньше они пользовались «Filters», но вот уже 21 день — нет",
    ],
    [
      { not: { segment: "admins" as never } },
      "they are not among “Administrators”",
      "они не входят в группу «Администраторы»",
    ],
    [{ flow: "my-tour" as never, is: "unseen" }, "they have not seen “my tour”", "они не видели «my tour»"],
    [{ page: ["/a{/}?", "/b/:id"] }, "they are on the page /a or /b/…", "они на странице /a или /b/…"],
    [{ click: { anchor: "export-button" } }, "they click “export button”", "они нажимают на «export button»"],
    [{ signal: "idle", for: "30s" }, "they do nothing for 30 seconds", "они ничего не делают 30 секунд"],
    [
      { time: { days: ["mon"], hours: ["09:00", "18:00"] } },
      "it is on Mondays between 09:00 and 18:00 their time",
      "это по понедельникам с 09:00 до 18:00 по их времени",
    ],
    [
      { not: { locale: ["ru", "en-GB"] } },
      "their language is not Russian or British English",
      "их язык — не русский или британский английский",
    ],
    [
      { not: { event: "x", atMost: 3 } },
      "they have done “x” more than 3 times",
      "они сделали «x» больше 3 раз",
    ],
    [
      { not: { event: "x", atLeast: 2 } },
      "they have done “x” less than twice",
      "они сделали «x» меньше 2 раз",
    ],
    [
      { inactive: { event: "x" }, for: "2w", by: "account" },
      "people of their account once did “x”, but not for 2 weeks",
      "раньше люди их аккаунта делали «x», но вот уже 2 недели — нет",
    ],
    [
      { feature: "team" as never, is: "lapsed" },
      "their account has stopped using “Team”",
      "люди их аккаунта перестали пользоваться «Команда»",
    ],
    [
      { all: [{ event: "a" }, { not: { all: [{ event: "b" }, { event: "c" }] } }] },
      "they have done “a” and (they have never done “b” or they have never done “c”)",
      "они сделали «a» и (они ни разу не сделали «b» или они ни разу не сделали «c»)",
    ],
    [
      { user: { role: "x", $or: [{ a: 1 }, { b: 2, c: 3 }] } },
      "their role is x and (their a is 1 or (their b is 2 and their c is 3))",
      "у них «role» — x и (у них «a» — 1 или (у них «b» — 2 и у них «c» — 3))",
    ],
    [
      { user: { tags: { $elemMatch: { $eq: "vip" } } } },
      "there is an entry in their tags where it is vip",
      "в списке «tags» у них есть запись, где она — vip",
    ],
    [
      { not: { account: { deals: { $elemMatch: { sum: { $gt: 5 } } } } } },
      "there is no entry in their account's deals where its sum is above 5",
      "в списке «deals» у их аккаунта нет записи, где у неё «sum» больше 5",
    ],
    [
      { user: { tags: { $size: { $gte: 2 } } } },
      "the number of entries in their tags is at least 2",
      "у них число записей в «tags» не меньше 2",
    ],
    [{ user: { tags: { $type: "array" } } }, "their tags is a list", "у них «tags» — список"],
    [
      { user: { tags: { $all: ["a", "b"] } } },
      "their tags has all of a and b",
      "у них «tags» — всё из списка: a и b",
    ],
    [
      { user: { tags: ["a", "b"], home: { city: "Oslo" } } },
      "their tags is exactly the list a and b and their home is exactly (city: Oslo)",
      "у них «tags» — в точности список a и b и у них «home» — в точности (city: Oslo)",
    ],
    [
      { user: { createdAt: { $lt: "2026-03-01" }, isAdmin: true } },
      "their created is before 1 March 2026 and their admin is yes",
      "у них «created» раньше, чем 1 марта 2026 и у них «admin» — да",
    ],
    [
      { device: { width: { $lt: 640 }, touch: true } },
      "their window's width is below 640 pixels and they use a touch screen",
      "ширина их окна меньше 640 пикселей и у них сенсорный экран",
    ],
    [
      { page: ["/a{/:id}?", "/b/:tab?", "/c/*"] },
      "they are on the page /a, /a/…, /b, /b/… or /c/…",
      "они на странице /a, /a/…, /b, /b/… или /c/…",
    ],
    [
      { user: { a: { $in: [] }, b: [] } },
      "their a is (nothing) and their b is an empty list",
      "у них «a» — (ничего) и у них «b» — пустой список",
    ],
    [{ page: `/a${"{/:x}?".repeat(80)}` }, "they are on the page /a…", "они на странице /a…"],
    [{ page: "/*" }, "they are on any page", "они на любой странице"],
    [
      { time: { from: "2026-03-01", to: "2026-04-01T12:00:00+03:00" } },
      "it is from 1 March 2026 before 1 April 2026, 12:00 UTC+03:00",
      "это с 1 марта 2026 до 1 апреля 2026, 12:00 UTC+03:00",
    ],
    [{ click: { fallback: ["[data-testid=export]"] } }, "they click “export”", "они нажимают на «export»"],
    [{ hover: { text: "Save as" } }, "they point at “Save as”", "они наводят на «Save as»"],
    [
      { account: { trialEndsAt: { $ahead: { $lte: "3d" } } } },
      "their account's trial ends is at most 3 days away",
      "до «trial ends» их аккаунта осталось не больше 3 дней",
    ],
    [
      { user: { $or: [{ a: 1 }, { b: { $exists: false } }] } },
      "their a is 1 or their b is not known",
      "у них «a» — 1 или у них «b» не указано",
    ],
    [{ not: { user: { seats: { $lt: 5 } } } }, "their seats is at least 5", "у них «seats» не меньше 5"],
    [{ element: { anchor: "bar" }, is: "visible" }, "“bar” is visible", "«bar» на виду"],
  ];
  it.each(said)("says %j in both languages", (condition, en, ru) => {
    const one = aFlow("a", { trigger: condition });
    expect(describe(one, "en", names)).toContain(` appears when ${en}, for everybody`);
    expect(describe(one, "ru", names)).toContain(` появляется, когда ${ru}, для всех`);
  });

  it("finds words for every example flow, with no programmer's words in them", () => {
    const folder = new URL("../../../../examples/flows/", import.meta.url);
    const files = readdirSync(folder).filter((file) => file.endsWith(".json"));
    for (const file of files) {
      const one = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Flow;
      for (const language of ["en", "ru"] as const)
        expect(describe(one, language, names)).not.toMatch(/[$[\]"]|undefined|null|NaN|true|false|object/);
    }
    expect(files.length).toBeGreaterThanOrEqual(8);
  });
});
