import type { Flow } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import { smallestDifference } from "../../src/lint/holdouts.ts";
import { type LintInput, lint } from "../../src/lint/index.ts";
import { nearest } from "../../src/lint/nearest.ts";
import { BASE, CATALOG, inputOf } from "./examples.ts";

const codes = (write: object) => lint(inputOf({ write })).map(({ code, path }) => `${code} ${path}`);
const said = (more: object) => ({
  steps: [{ id: "one", title: "Title", actions: [{ id: "ok", label: "Got it", do: "done" }], ...more }],
});
const labelled = (label: string) =>
  said({
    actions: [
      { id: "ok", label: "Show me", do: "done" },
      { id: "no", label, do: "dismiss" },
    ],
  });

describe("conditions", () => {
  it("points at the smallest part that is wrong, once", () => {
    const audience = {
      all: [{ user: { role: "admin" } }, { not: { any: [{ account: { seats: { $in: [] } } }] } }],
    };
    expect(codes({ audience })).toEqual(["never-true /audience/all/1/not/any/0/account/seats/$in"]);
  });

  it("calls an alternative that never holds a warning, and the whole of it an error", () => {
    const dead = { account: { seats: { $gt: 5, $lt: 3 } } };
    const severities = (audience: object) =>
      lint(inputOf({ write: { audience } })).map(({ severity }) => severity);
    expect(severities({ any: [dead, { user: { role: "admin" } }] })).toEqual(["warning"]);
    expect(severities({ all: [dead, { user: { role: "admin" } }] })).toEqual(["error"]);
  });

  it("names both of two conditions that exclude each other", () => {
    const audience = {
      all: [
        { event: "report.viewed", atLeast: 5 },
        { user: { role: "admin" } },
        { event: "report.viewed", atMost: 2 },
      ],
    };
    const [found] = lint(inputOf({ write: { audience } }));
    expect(found?.path).toBe("/audience/all/2");
    expect(found?.message).toContain('"atLeast":5');
    expect(found?.message).toContain('"atMost":2');
  });

  it("looks into segments, features and settings too", () => {
    const dead = { user: { role: { $in: [] } } };
    const found = lint({
      ...inputOf({ write: {} }),
      segments: [{ id: "nobody", where: dead } as never],
      features: [
        {
          id: "secret",
          name: "Secret",
          uses: [{ event: "report.viewed" }],
          availableTo: dead,
          activated: { count: 1, within: "1d" },
        } as never,
      ],
      settings: { quiet: [{ id: "never", when: dead }], exclude: dead as never },
    });
    expect(found.map(({ feature, segment, path }) => feature ?? segment ?? path)).toEqual([
      "secret",
      "nobody",
      "/exclude/user/role/$in",
      "/quiet/0/when/user/role/$in",
    ]);
  });

  it("lets null pass where the audience asks elsewhere that the attribute is there", () => {
    expect(codes({ audience: { account: { seats: { $lt: 5 } } } })).toEqual([
      "missing-fits /audience/account/seats",
    ]);
    expect(codes({ audience: { account: { seats: { $lt: 5, $exists: true } } } })).toEqual([]);
    expect(
      codes({ audience: { all: [{ account: { seats: { $lt: 5 } } }, { account: { seats: { $gt: 0 } } }] } }),
    ).toEqual([]);
    expect(codes({ audience: { account: { seats: 0 } } })).toEqual(["missing-fits /audience/account/seats"]);
    expect(codes({ audience: { account: { seats: { $gt: 5 } } } })).toEqual([]);
  });
});

describe("flows", () => {
  it("lets a trigger on absence fire where something else wakes it", () => {
    const absent = { event: "report.exported", exactly: 0 };
    expect(codes({ trigger: absent })).toEqual(["never-fires /trigger"]);
    expect(codes({ trigger: { all: [{ page: "/reports" }, absent] } })).toEqual([]);
    expect(codes({ trigger: { feature: "report-export", is: "lapsed" } })).toEqual(["never-fires /trigger"]);
    expect(codes({ trigger: { feature: "report-export", is: "activated" } })).toEqual([]);
  });

  it("makes no error of a dead trigger where a button starts the flow", () => {
    const dead = { id: "tour", priority: 60, trigger: { event: "report.exported", exactly: 0 } };
    const severities = (flows: readonly object[]) =>
      lint(inputOf({ write: { flows } })).flatMap(({ code, severity }) =>
        code === "never-fires" ? [severity] : [],
      );
    expect(severities([dead])).toEqual(["error"]);
    const button = { id: "how", label: "Show me", do: ["done", { start: "tour" }] };
    const no = { id: "no", label: "No", do: "dismiss" };
    expect(severities([dead, said({ actions: [button, no] })])).toEqual(["info"]);
  });

  it("takes the end of a wait for a wake of its own", () => {
    const chain = (more: object) => ({
      trigger: {
        all: [
          { sequence: ["report.viewed", "report.filtered"], within: "1d", ...more },
          { event: "report.filtered", within: "2m", exactly: 0 },
        ],
      },
    });
    expect(codes(chain({}))).toContain("never-fires /trigger");
    expect(codes(chain({ wait: "5m" })).filter((one) => one.startsWith("never"))).toEqual([]);
  });

  it("says that a flow waits for itself", () => {
    expect(codes({ audience: { flow: "export-hint", is: "seen" } })).toEqual(["unreachable-flow /audience"]);
    expect(codes({ audience: { flow: "export-hint", is: "unseen" } })).toEqual([]);
  });

  it("sees a step behind a condition as a way in, and one behind a sure step as none", () => {
    const step = (id: string, more: object = {}) => ({
      id,
      title: id,
      actions: [{ id: "ok", label: "OK", do: ["next", "done"] }],
      ...more,
    });
    const jump = { next: [{ step: "c" }] };
    const steps = (more: object) => ({
      kind: "tour",
      steps: [step("a", { ...jump, ...more }), step("b", jump), step("c")],
    });
    expect(codes(steps({}))).toEqual(["unreachable-step /steps/1"]);
    expect(codes(steps({ showWhen: { user: { role: "admin" } } }))).toEqual([]);
  });

  it("finds a circle of three flows once, and no circle in a chain", () => {
    const follows = (id: string, flow: string, priority: number) => ({
      id,
      priority,
      trigger: { flow, is: "completed" },
    });
    const circle = [follows("a", "c", 1), follows("b", "a", 2), follows("c", "b", 3)];
    expect(codes({ flows: circle })).toEqual(["trigger-cycle /trigger"]);
    expect(codes({ flows: [{ id: "a" }, follows("b", "a", 2), follows("c", "b", 3)] })).toEqual([]);
    expect(
      codes({
        flows: [
          follows("a", "b", 1),
          { id: "b", priority: 2, trigger: { all: [{ page: "/reports" }, { flow: "a", is: "unseen" }] } },
        ],
      }),
    ).toEqual([]);
  });

  it("sees no tie where audiences, wakes, places, times or priorities differ", () => {
    const tie = (more: object) => codes({ flows: [{}, { id: "other", ...more }] });
    expect(tie({})).toEqual(["priority-tie "]);
    expect(tie({ audience: { account: { plan: "free" } } })).toEqual([]);
    expect(tie({ trigger: { event: "invoice.sent" } })).toEqual([]);
    expect(tie({ kind: "banner" })).toEqual([]);
    expect(tie({ priority: 60 })).toEqual([]);
    expect(
      codes({
        flows: [{ schedule: { to: "2027-03-01" } }, { id: "other", schedule: { from: "2027-03-01" } }],
      }),
    ).toEqual([]);
    expect(codes({ flows: [{}, { id: "other", enabled: false }] })).toEqual([]);
  });

  it("counts the longest way through a tour, not its branches", () => {
    const step = (id: string, more: object = {}) => ({
      id,
      title: id,
      actions: [{ id: "ok", label: "OK", do: "next" }],
      ...more,
    });
    const admin = { when: { user: { role: "admin" } }, step: "b1" };
    const branches = [
      step("a", { next: [admin, { step: "c1" }] }),
      step("b1"),
      step("b2"),
      step("b3", { next: [{ step: "end" }] }),
      step("c1"),
      step("c2"),
      step("end", { actions: [{ id: "ok", label: "OK", do: "done" }] }),
    ];
    expect(codes({ kind: "tour", steps: branches })).toEqual([]);
  });

  it("lets a critical flow and one without weight pass any budget", () => {
    const settings = { budget: { perSession: 0 } };
    expect(codes({ flows: [{ kind: "modal" }], settings })).toEqual(["never-fits-budget /kind"]);
    expect(codes({ flows: [{ kind: "modal", critical: true }], settings })).toEqual([]);
    expect(codes({ flows: [{ kind: "hotspot" }], settings })).toEqual([]);
  });

  it("says where a flow asks to come again sooner than the budget can ever allow", () => {
    const asks = (gap: string, budget: object | null, more: object = {}) =>
      codes({
        flows: [{ frequency: { atMost: null, gap, until: "none" }, ...more }],
        settings: { budget },
      }).includes("gap-without-effect /frequency/gap");
    expect([asks("1m", {}), asks("2m", {})]).toEqual([true, false]);
    expect([asks("23h", { perDay: 1 }), asks("24h", { perDay: 1 })]).toEqual([true, false]);
    expect([asks("23h", { perDay: 3 }), asks("23h", { perDay: 3 }, { kind: "modal" })]).toEqual([
      false,
      true,
    ]);
    expect([asks("6d", { perWeek: 1 }), asks("7d", { perWeek: 1 })]).toEqual([true, false]);
    expect(asks("1m", null)).toBe(false);
    for (const more of [
      { critical: true },
      { kind: "banner" },
      { kind: "hotspot" },
      { frequency: { atMost: null, gap: "1m", per: "account" } },
    ])
      expect(asks("1m", {}, more)).toBe(false);
  });

  it("knows the smallest difference that a test can find, by the usual formula", () => {
    // 392 in each arm find 8 points from a base of 20 %, four times in five.
    expect(smallestDifference(392, 392)).toBeCloseTo(0.08, 2);
    const sized = (accounts: number) =>
      lint({
        ...inputOf({ write: { holdout: { share: "10%", by: "account" } } }),
        catalog: { audience: { accounts } },
      });
    expect(sized(200).map(({ message }) => message)).toEqual([
      "10% of 200 accounts is 20 held out: only a difference of 26 percentage points or more could be told from chance (80 % power, 95 % confidence, from a base of 20 %)",
    ]);
    expect(sized(200)[0]?.fix).toBe("hold out 20%");
    expect(sized(4_000)).toEqual([]);
  });
});

describe("words", () => {
  it.each([
    "No thanks, I hate saving time",
    "No, I don't want to grow",
    "I prefer losing money",
    "Нет, я не хочу экономить время",
    "Спасибо, я люблю тратить время",
  ])("hears guilt in %s", (label) => {
    expect(codes(labelled(label))).toContain("guilt-button /steps/0/actions/1/label");
  });

  it.each([
    "No thanks",
    "Not now",
    "I do not need it",
    "I work alone",
    "I do it another way",
    "No",
    "Нет, спасибо",
    "Не сейчас",
    "Мне это не нужно",
    "Работаю без команды",
    "Делаю иначе",
  ])("hears none in %s", (label) => {
    expect(codes(labelled(label)).filter((one) => one.startsWith("guilt"))).toEqual([]);
  });

  it("lets abbreviations pass, and hears shouting", () => {
    const capitals = (title: string) => codes(said({ title })).includes("capitals /steps/0/title");
    for (const title of ["PDF, CSV and XLSX", "JSON API", "PDF, CSV, XLS", "НДС и ИНН", "Export to PDF"])
      expect(capitals(title)).toBe(false);
    for (const title of [
      "IMPORTANT news",
      "READ THIS NOW, JUST LOOK",
      "BUY IT NOW!",
      "СРОЧНО: оплатите",
      "ВАЖНО",
    ])
      expect(capitals(title)).toBe(true);
  });

  it("tells вы from ты by whole words", () => {
    const mixed = (title: string, body: string) =>
      codes(
        said({
          title: { en: "A title of some length", ru: title },
          body: { en: "A text of some length, too", ru: body },
        }),
      ).filter((one) => one.startsWith("mixed"));
    expect(mixed("Ваш отчёт", "Ты найдёшь его здесь")).toEqual(["mixed-address /steps/0/body/ru"]);
    expect(mixed("Нажмите сюда", "Твой отчёт готов")).toHaveLength(1);
    expect(mixed("Ваш отчёт", "Вы найдёте его в таблице")).toEqual([]);
    expect(mixed("Новый выбор", "Сведения о выплатах и тысячах")).toEqual([]);
  });

  it("wants every language of the flow, and takes a language for its countries", () => {
    const text = (title: object, more: object = {}) =>
      codes({ ...said({ title }), ...more }).filter((one) => one.startsWith("missing"));
    expect(text({ en: "Title", ru: "Заголовок" })).toEqual([]);
    expect(text({ ru: "Заголовок" })).toEqual(["missing-locale /steps/0/title"]);
    expect(text({ ru: "Заголовок" }, { locales: ["ru"] })).toEqual([]);
    expect(text({ en: "Title", pt: "Título" }, { locales: ["en", "pt-BR"] })).toEqual([]);
    expect(text({ en: "Title", "pt-BR": "Título" }, { locales: ["en", "pt"] })).toEqual([
      "missing-locale /steps/0/title",
    ]);
  });

  it("asks for a fallback only where the value may be missing", () => {
    const variable = (title: string, more: object = {}) =>
      codes({ ...said({ title }), ...more }).filter((one) => one.startsWith("variable"));
    expect(variable("Hello {{user.name}}")).toHaveLength(1);
    expect(variable('Hello {{user.name | "there"}}')).toEqual([]);
    expect(variable('{{account.seats | money: "EUR"}}')).toHaveLength(1);
    expect(variable('{{account.seats | money: "EUR" | "much"}}')).toEqual([]);
    expect(variable("Hello {{user.name}}", { audience: { user: { name: { $exists: true } } } })).toEqual([]);
    expect(variable("{{event.format}}")).toEqual([]);
  });
});

describe("names", () => {
  it("says nothing of what the catalog has, of what hints record, and where nothing has arrived", () => {
    const write = {
      trigger: { event: "hint.answered" },
      ...said({ actions: [{ id: "ok", label: "OK", do: [{ track: "hint.answered" }, "done"] }] }),
    };
    expect(codes(write)).toEqual([]);
    const empty: LintInput = {
      ...inputOf({ write: { trigger: { event: "whatever" } } }),
      catalog: { events: [], anchors: [], pages: [] },
    };
    expect(lint(empty)).toEqual([]);
  });

  it("knows an attribute by its parts, and the other way round", () => {
    const attributes = { account: [{ path: "address.city" }, { path: "tags" }] };
    const found = (audience: object) =>
      lint({ ...inputOf({ write: { audience } }), catalog: { ...CATALOG, attributes } }).map(
        ({ fix }) => fix,
      );
    expect(found({ account: { "address.city": "Tver" } })).toEqual([]);
    expect(found({ account: { address: { $exists: true } } })).toEqual([]);
    expect(found({ account: { "tags.0": "a" } })).toEqual([]);
    expect(found({ account: { "adress.city": "Tver" } })).toEqual(['did you mean "account.address.city"?']);
  });

  it.each([
    ["reportViewed", "report.viewed"],
    ["Report Viewed", "report.viewed"],
    ["report.viewd", "report.viewed"],
    ["billing", undefined],
  ])("takes %s for %s", (written, meant) => {
    expect(nearest(written, ["report.viewed", "invoice.sent"])).toBe(meant);
  });

  it("leaves out what depends on today or the catalog where neither is given", () => {
    const flow = {
      ...BASE,
      reviewBy: "2020-01-01",
      expires: "2020-01-01",
      trigger: { event: "nobody.knows" },
    } as unknown as Flow;
    expect(lint({ flows: [flow] })).toEqual([]);
  });
});
