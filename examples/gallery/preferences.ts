import type { Ui } from "../../packages/sdk/src/ports.ts";
import { type Choices, preferencesPanel } from "../../packages/sdk/src/ui/preferences.tsx";
import type { Look } from "./views.ts";

const REPORT = { en: "Your first report", ru: "Ваш первый отчёт", ar: "تقريرك الأول" };
const INVOICES = { en: "Invoices that are paid", ru: "Счета, которые оплачивают", ar: "فواتير تُدفع" };

/** The preferences, of somebody who has seen one tour; choices last as long as the panel. */
export function openPreferences(ui: Ui, { locale, theme = {} }: Look): void {
  let paused = false;
  let waits = false;
  const on = new Map([
    ["tip", true],
    ["onboarding", true],
    ["news", false],
    ["price-changes", true],
  ]);
  const tour = (flow: string, titles: typeof REPORT) => ({
    flow,
    locale,
    title: { source: titles[locale], values: {} },
  });
  const choices = (): Choices => ({
    paused,
    waits,
    categories: [...on].map(([id, isOn]) => ({ id, on: isOn })),
    tours: paused ? [] : [tour("first-value", REPORT), tour("elsewhere", INVOICES)],
  });
  ui.panel(
    preferencesPanel(choices, (kind, what) => {
      waits = kind === "tour" && what === "elsewhere";
      if (kind === "tour") return !waits;
      if (kind === "pause") paused = !paused;
      else on.set(what, !on.get(what));
      return false;
    }),
    theme,
  );
}
