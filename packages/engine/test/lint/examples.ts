// One example for each rule, in one table: docs/lint.md is made from it, so it is longer than other files.
import type { Feature, Flow, Segment, Settings } from "@cairn/flow-schema";
import type { Catalog, LintInput, RuleCode } from "../../src/lint/index.ts";

/** A definition that has the fault, told as a case from practice. docs/lint.md is made from these. */
export interface Example {
  readonly case: string;
  /** Fields laid over {@link BASE}, or whole definitions beside it. */
  readonly write: object;
  /** Where the finding points. */
  readonly at: string;
}

export const TODAY = "2027-01-15";
export const CATALOG: Catalog = {
  events: ["report.viewed", "report.filtered", "report.exported", "invoice.sent"].map((name) => ({ name })),
  attributes: {
    user: ["name", "role", "createdAt"].map((path) => ({ path })),
    account: ["plan", "seats", "trialEndsAt", "tags"].map((path) => ({ path })),
  },
  anchors: ["export-button", "invoice-send"].map((name) => ({ name })),
  pages: ["/reports", "/invoices"].map((path) => ({ path })),
  audience: { users: 20_000, accounts: 4_000 },
};
export const FEATURES = [
  {
    id: "report-export",
    name: "Report export",
    uses: [{ event: "report.exported" }],
    activated: { count: 3, within: "14d" },
    lapsed: { after: "30d" },
  },
] as unknown as readonly Feature[];

/** A flow with nothing to find in it. */
export const BASE = {
  schemaVersion: 1,
  id: "export-hint",
  kind: "tooltip",
  name: "Export hint",
  owner: "onboarding",
  reviewBy: "2027-06-01",
  why: "People copy reports by hand.",
  audience: { account: { plan: { $in: ["trial", "pro"] } } },
  trigger: { event: "report.viewed", atLeast: 3, within: "14d" },
  steps: [
    {
      id: "export",
      target: { anchor: "export-button" },
      title: { en: "You can take this report with you", ru: "Этот отчёт можно забрать с собой" },
      actions: [
        { id: "ok", label: { en: "Got it", ru: "Понятно" }, do: "done" },
        { id: "later", label: { en: "Later", ru: "Позже" }, do: { snooze: "1d" } },
      ],
    },
  ],
} as unknown as Flow;

/** The input that an example stands for. */
export function inputOf({ write }: Pick<Example, "write">): LintInput {
  const parts = write as {
    readonly flows?: readonly object[];
    readonly settings?: Settings;
    readonly features?: readonly Feature[];
    readonly segments?: readonly Segment[];
    readonly catalog?: Catalog;
  };
  const isWhole = ["flows", "settings", "features", "segments", "catalog"].some((key) => key in parts);
  const flows = (isWhole ? (parts.flows ?? [{}]) : [write]).map((one) => ({ ...BASE, ...one }) as Flow);
  return {
    flows: flows.map((flow) => (flow.kind === "checklist" ? withoutSteps(flow) : flow)),
    features: [...FEATURES, ...(parts.features ?? [])],
    segments: parts.segments ?? [],
    settings: parts.settings ?? {},
    catalog: { ...CATALOG, ...parts.catalog },
    today: TODAY,
  };
}

function withoutSteps(flow: Flow): Flow {
  const { steps: _, ...rest } = flow as Flow & { steps?: unknown };
  return rest as Flow;
}

const step = (id: string, more: object = {}) => ({
  id,
  title: `Step ${id}`,
  actions: [{ id: "next", label: "Next", do: "next" }],
  ...more,
});
const said = (more: object) => ({ steps: [{ id: "export", ...more }] });
const button = (label: unknown, what: unknown = "dismiss") => ({ id: "one", label, do: what });
const seven = Array.from({ length: 8 }, (_, i) => ({
  id: `item-${i}`,
  title: `Item ${i}`,
  done: { event: "invoice.sent", atLeast: i + 1 },
}));

export const EXAMPLES: { readonly [code in RuleCode]: Example } = {
  "never-true": {
    case: "A hint for accounts that are too big for the small plan, with a bound from an older version left in.",
    write: { audience: { account: { seats: { $gt: 5, $lt: 3 } } } },
    at: "/audience/account/seats",
  },
  "always-true": {
    case: '"Admins and everybody else" is everybody.',
    write: { audience: { any: [{ user: { role: "admin" } }, { not: { user: { role: "admin" } } }] } },
    at: "/audience",
  },
  "only-lists-fit": {
    case: 'Meant as "trial or pro", written as "trial and pro".',
    write: {
      audience: { all: [{ account: { plan: { $in: ["trial"] } } }, { account: { plan: { $in: ["pro"] } } }] },
    },
    at: "/audience/all/1",
  },
  "missing-fits": {
    case: "A hint for small accounts also comes to accounts whose size nobody has sent.",
    write: { audience: { account: { seats: { $lt: 5 } } } },
    at: "/audience/account/seats",
  },
  "loose-match": {
    case: "Five seats, as a number or as the text that a form has sent.",
    write: { audience: { account: { seats: 5 } } },
    at: "/audience/account/seats",
  },
  "moment-in-audience": {
    case: "A hint for people who click around in anger; at any other moment they are not in the audience.",
    write: {
      audience: { signal: "rage-click" },
      trigger: { any: [{ page: "/reports" }, { signal: "rage-click" }] },
    },
    at: "/audience/signal",
  },
  "unknown-device-attribute": {
    case: "A hint for telephones only.",
    write: { audience: { device: { mobile: true } } },
    at: "/audience/device/mobile",
  },
  "never-fires": {
    case: "A hint for people who never exported. The trigger is asked when somebody exports, and then they have.",
    write: { trigger: { feature: "report-export", is: "untried" } },
    at: "/trigger",
  },
  "unreachable-flow": {
    case: "For people who never exported, at the moment of their third export.",
    write: {
      audience: { feature: "report-export", is: "untried" },
      trigger: { event: "report.exported", atLeast: 3 },
    },
    at: "/trigger",
  },
  "never-scheduled": {
    case: "A spring campaign whose end was copied from last year.",
    write: { schedule: { from: "2027-03-01" }, expires: "2026-06-01" },
    at: "/expires",
  },
  "flow-over": {
    case: "The webinar was in December.",
    write: { expires: "2026-12-10" },
    at: "/expires",
  },
  "unreachable-step": {
    case: "A tour branches past a step that nothing leads to any more.",
    write: {
      kind: "tour",
      steps: [
        step("start", { next: [{ step: "end" }] }),
        step("middle"),
        step("end", { actions: [button("Done", "done")] }),
      ],
    },
    at: "/steps/1",
  },
  "route-not-exhaustive": {
    case: "Admins go to the invitation, viewers to the report; editors go wherever the list leads.",
    write: {
      kind: "tour",
      steps: [
        step("start", {
          next: [
            { when: { user: { role: "admin" } }, step: "invite" },
            { when: { user: { role: "viewer" } }, step: "report" },
          ],
        }),
        step("invite"),
        step("report", { actions: [button("Done", "done")] }),
      ],
    },
    at: "/steps/0/next/1",
  },
  "unreachable-route": {
    case: 'The case for admins stands behind "everybody else".',
    write: {
      kind: "tour",
      steps: [
        step("start", { next: [{ step: "report" }, { when: { user: { role: "admin" } }, step: "invite" }] }),
        step("report"),
        step("invite", { actions: [button("Done", "done")] }),
      ],
    },
    at: "/steps/0/next/1",
  },
  "route-circle": {
    case: "Two steps send people to each other.",
    write: {
      kind: "tour",
      steps: [step("one", { next: [{ step: "two" }] }), step("two", { next: [{ step: "one" }] })],
    },
    at: "/steps/0/next",
  },
  "dead-end": {
    case: "The first step of a tour waits for a click that nobody has told it about.",
    write: {
      kind: "tour",
      steps: [
        step("one", { actions: [button("Not now")] }),
        step("two", { actions: [button("Done", "done")] }),
      ],
    },
    at: "/steps/0",
  },
  "trigger-cycle": {
    case: "The tip follows the tour, and the tour follows the tip: neither begins.",
    write: {
      flows: [
        { id: "tip", trigger: { flow: "tour", is: "completed" } },
        { id: "tour", trigger: { flow: "tip", is: "seen" }, priority: 60 },
      ],
    },
    at: "/trigger",
  },
  "waits-for-disabled": {
    case: "The tip comes after the tour, and the tour was switched off last month.",
    write: { flows: [{ trigger: { flow: "tour", is: "completed" } }, { id: "tour", enabled: false }] },
    at: "/trigger",
  },
  "start-cycle": {
    case: '"Show me how" starts the tour, whose last button shows the tip again.',
    write: {
      flows: [
        {
          id: "tip",
          ...said({
            title: "Tip",
            actions: [button("How?", { start: "tour" }), { ...button("No"), id: "no" }],
          }),
        },
        {
          id: "tour",
          priority: 60,
          ...said({
            title: "Tour",
            actions: [button("Again", { start: "tip" }), { ...button("No"), id: "no" }],
          }),
        },
      ],
    },
    at: "/steps/0/actions/0/do/start",
  },
  "start-without-effect": {
    case: "The button starts a tour that was switched off last month.",
    write: {
      flows: [
        said({ title: "Tip", actions: [button("How?", { start: "tour" }), { ...button("No"), id: "no" }] }),
        { id: "tour", enabled: false },
      ],
    },
    at: "/steps/0/actions/0/do/start",
  },
  "goal-already-reached": {
    case: "For people on the pro plan, to bring them to a paid plan.",
    write: {
      audience: { account: { plan: "pro" } },
      goal: { reach: { account: { plan: { $in: ["pro", "team"] } } } },
    },
    at: "/goal/reach",
  },
  "until-goal-without-goal": {
    case: "The goal was taken out, the rule that waits for it was not.",
    write: { frequency: { until: "goal" } },
    at: "/frequency/until",
  },
  "gap-without-effect": {
    case: "A tooltip comes once unless it says otherwise.",
    write: { frequency: { gap: "7d" } },
    at: "/frequency/gap",
  },
  "never-fits-budget": {
    case: "One hint per session was agreed, and a modal weighs two.",
    write: { flows: [{ kind: "modal" }], settings: { budget: { perSession: 1 } } },
    at: "/kind",
  },
  "priority-tie": {
    case: "Two teams wrote a hint for the third look at a report.",
    write: { flows: [{}, { id: "filter-hint" }] },
    at: "",
  },
  "page-and-delay-alone": {
    case: "Ten seconds on the reports page, for everybody.",
    write: {
      audience: { locale: ["en"] },
      trigger: { all: [{ page: "/reports" }, { signal: "dwell", for: "10s" }] },
    },
    at: "/trigger",
  },
  "wait-outlasts-session": {
    case: '"An hour later, if they have not exported": by then most have left.',
    write: {
      trigger: {
        sequence: ["report.viewed", "report.filtered"],
        without: "report.exported",
        within: "30m",
        wait: "1h",
      },
    },
    at: "/trigger/wait",
  },
  "long-tour": {
    case: "A tour of the whole product at the first visit.",
    write: {
      kind: "tour",
      steps: [
        ...["one", "two", "three", "four", "five"].map((id) => step(id)),
        step("six", { actions: [button("Done", "done")] }),
      ],
    },
    at: "/steps",
  },
  "long-checklist": {
    case: "Everything a new account could do in its first month.",
    write: { kind: "checklist", items: seven },
    at: "/items",
  },
  "critical-without-why": {
    case: "A price change that passes every limit; next year nobody knows why.",
    write: { critical: true, why: " " },
    at: "/critical",
  },
  "holdout-without-effect": {
    case: "A payment reminder that must reach everybody, with a control group.",
    write: { critical: true, holdout: { share: "10%" } },
    at: "/holdout",
  },
  "holdout-too-small": {
    case: "Five per cent of two hundred accounts are ten.",
    write: { flows: [{ holdout: { share: "5%", by: "account" } }], catalog: { audience: { accounts: 200 } } },
    at: "/holdout/share",
  },
  "quiet-for-all": {
    case: "Trial accounts are to be left alone this week, and this hint is for them alone.",
    write: {
      flows: [{ audience: { account: { plan: "trial" } } }],
      settings: { quiet: [{ id: "trial-week", when: { account: { plan: { $in: ["trial", "free"] } } } }] },
    },
    at: "/audience",
  },
  "missing-locale": {
    case: "The body was written later, in one language.",
    write: said({
      title: { en: "Take it with you", ru: "Заберите с собой" },
      body: { en: "Your filter is kept." },
      actions: [button({ en: "Got it", ru: "Понятно" }, "done")],
    }),
    at: "/steps/0/body",
  },
  "variable-without-fallback": {
    case: "People who never gave their name never see it.",
    write: said({ title: "Hello {{user.name}}", actions: [button("Got it", "done")] }),
    at: "/steps/0/title",
  },
  "variable-never-there": {
    case: "The format of the export is asked for on a page view.",
    write: {
      trigger: { page: "/reports" },
      ...said({ title: "Your {{event.format}} is ready", actions: [button("Got it", "done")] }),
    },
    at: "/steps/0/title",
  },
  "navigate-not-allowed": {
    case: "The help centre stands on another site.",
    write: said({
      title: "Read more",
      actions: [
        button("Open", ["done", { navigate: "https://help.example.com/export" }]),
        { ...button("No"), id: "no" },
      ],
    }),
    at: "/steps/0/actions/0/do/1/navigate",
  },
  "insecure-address": {
    case: "A link copied from an old mail.",
    write: said({
      title: "Read more",
      body: "[How to export](http://help.example.com/export)",
      actions: [button("Got it", "done")],
    }),
    at: "/steps/0/body",
  },
  "image-not-allowed": {
    case: "An address of mail where an image was meant.",
    write: said({
      title: "Write to us",
      body: "![Vera](mailto:vera@example.com)",
      actions: [button("Got it", "done")],
    }),
    at: "/steps/0/body",
  },
  "text-too-long": {
    case: "A button that explains itself.",
    write: said({ title: "Export", actions: [button("I have understood how the export works", "done")] }),
    at: "/steps/0/actions/0/label",
  },
  "guilt-button": {
    case: "The classic.",
    write: said({
      title: "Export",
      actions: [button("Show me", "done"), { ...button("No thanks, I hate saving time"), id: "no" }],
    }),
    at: "/steps/0/actions/1/label",
  },
  "no-way-out": {
    case: "An offer with one button, to the price list.",
    write: said({
      title: "More seats",
      actions: [button("See the plans", ["done", { navigate: "/plans" }])],
    }),
    at: "/steps/0/actions",
  },
  capitals: {
    case: "News that shouts.",
    write: said({ title: "NEW EXPORT formats", actions: [button("Got it", "done")] }),
    at: "/steps/0/title",
  },
  exclamation: {
    case: "A greeting with three of them.",
    write: said({ title: "Welcome!!!", actions: [button("Got it", "done")] }),
    at: "/steps/0/title",
  },
  "mixed-address": {
    case: "Two authors, two manners.",
    write: said({
      title: { en: "Your report", ru: "Ваш отчёт готов" },
      body: { en: "Take it with you.", ru: "Ты можешь забрать его с собой." },
      actions: [button({ en: "Got it", ru: "Понятно" }, "done")],
    }),
    at: "/steps/0/body/ru",
  },
  "russian-too-long": {
    case: "The translation says more than the original.",
    write: said({
      title: { en: "Export keeps your filter", ru: "Экспорт сохранит ваш фильтр, итоги и порядок строк" },
      actions: [button({ en: "Got it", ru: "Понятно" }, "done")],
    }),
    at: "/steps/0/title/ru",
  },
  "no-owner": {
    case: "Written by somebody who has left.",
    write: { owner: " " },
    at: "",
  },
  "review-overdue": {
    case: "Nobody has looked since last spring.",
    write: { reviewBy: "2026-03-01" },
    at: "/reviewBy",
  },
  "no-review-date": {
    case: "A hint for a page that may be rebuilt any day.",
    write: { flows: [{ reviewBy: undefined }] },
    at: "",
  },
  "unknown-category": {
    case: '"Marketing" is not among the categories that people can switch off.',
    write: { category: "marketing" },
    at: "/category",
  },
  "unknown-event": {
    case: "The product says report.viewed.",
    write: { trigger: { event: "report.viewd", atLeast: 3 } },
    at: "/trigger/event",
  },
  "unknown-attribute": {
    case: "The product sends seats.",
    write: { audience: { account: { seat: { $gt: 5 } } } },
    at: "/audience/account/seat",
  },
  "unknown-anchor": {
    case: "The button's name has lost a hyphen.",
    write: said({ target: { anchor: "exportbutton" }, title: "Export", actions: [button("Got it", "done")] }),
    at: "/steps/0/target/anchor",
  },
  "unknown-page": {
    case: "The page is /reports, without the slash.",
    write: { trigger: { page: "/reports/" } },
    at: "/trigger/page",
  },
  "hard-to-read": {
    case: "The brand's yellow, with white words on it.",
    write: { theme: { light: { accent: "#ffc400", onAccent: "#ffffff" } } },
    at: "/theme/light/onAccent",
  },
  "see-through": {
    case: "Glass was in fashion.",
    write: { flows: [{}], settings: { theme: { light: { surface: "#ffffffcc" } } } },
    at: "/theme/light/surface",
  },
};
