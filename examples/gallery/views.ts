import type { ActionView, ItemView, RunView, StepView, TextView } from "../../packages/engine/src/effect.ts";
import {
  type ActionId,
  type FlowId,
  type ItemId,
  type Placement,
  type StepId,
  type Theme,
  toId,
} from "../../packages/flow-schema/src/index.ts";

/** Runs made by hand, as the engine would hand them to the UI. */
export type Locale = "en" | "ru" | "ar";
type Words = { readonly [locale in Locale]: string };

export interface Look {
  readonly locale: Locale;
  readonly theme?: Theme;
  readonly anchor?: string | null;
  readonly placement?: Placement;
}

const text = (words: Words, locale: Locale, values: TextView["values"] = {}): TextView => ({
  source: words[locale],
  values,
});
const action = (
  id: string,
  words: Words,
  locale: Locale,
  style: ActionView["style"],
  href?: string,
): ActionView => ({
  id: toId<ActionId>(id),
  label: text(words, locale),
  style,
  ...(href === undefined ? {} : { href }),
});

const NEXT: Words = { en: "Next", ru: "Дальше", ar: "التالي" };
const BACK: Words = { en: "Back", ru: "Назад", ar: "رجوع" };

export function tooltip(look: Look): RunView {
  const { locale, anchor = "export-button", placement = "auto" } = look;
  return run("tooltip", "first-export", look, {
    ...step(locale, "export", 0, 1, anchor, placement),
    title: text(
      {
        en: "You can take this report with you",
        ru: "Этот отчёт можно забрать с собой",
        ar: "يمكنك أخذ هذا التقرير معك",
      },
      locale,
    ),
    body: text(
      {
        en: "Your filter is kept, {{user.name}}. **PDF** to send, Excel to count. [How export works](https://example.com/export)",
        ru: "Фильтр сохранится, {{user.name}}. **PDF** — чтобы отправить, Excel — чтобы посчитать. [Как устроен экспорт](https://example.com/export)",
        ar: "سيبقى عامل التصفية كما هو، {{user.name}}. **PDF** للإرسال و Excel للحساب. [كيف يعمل التصدير](https://example.com/export)",
      },
      locale,
      { "user.name": { en: "Anna", ru: "Анна", ar: "آنا" }[locale] },
    ),
    actions: [
      action("ok", { en: "Got it", ru: "Понятно", ar: "حسنًا" }, locale, "primary"),
      action("later", { en: "Later", ru: "Позже", ar: "لاحقًا" }, locale, "quiet"),
    ],
  });
}

/** Only words and the ×. */
export function plain(look: Look): RunView {
  const { locale, anchor = "export-button", placement = "auto" } = look;
  return run("tooltip", "plain", look, {
    ...step(locale, "plain", 0, 1, anchor, placement),
    body: text(
      {
        en: "Exports land in **Downloads**, one file per month.",
        ru: "Файлы появятся в папке **«Загрузки»**, по одному на каждый месяц.",
        ar: "ستظهر الملفات في مجلد **التنزيلات**، ملف لكل شهر.",
      },
      locale,
    ),
  });
}

export function rich(look: Look): RunView {
  const { locale, anchor = "export-button", placement = "bottom-end" } = look;
  return run("tooltip", "rich", look, {
    ...step(locale, "rich", 0, 1, anchor, placement),
    title: text(
      {
        en: "Reconciliation of counterparties, electronically",
        ru: "Автоматизированная сверка взаиморасчётов с контрагентами",
        ar: "مطابقة الحسابات إلكترونيًا",
      },
      locale,
    ),
    media: {
      type: "image",
      src: "chart.svg",
      alt: text({ en: "A rising chart", ru: "Растущий график", ar: "رسم بياني" }, locale),
      width: 640,
      height: 280,
    },
    body: text(
      {
        en: "### What changes\n\n- One statement a month, sent by *itself*\n- The format is `1C:ERP`\n- Nobody is asked twice",
        ru: "### Что изменится\n\n- Один акт в месяц, уходит *сам*\n- Формат `1C:ERP`\n- Высокопроизводительный документооборот между взаимозависимыми организациями",
        ar: "### ما الذي يتغير\n\n- كشف واحد في الشهر يُرسل *تلقائيًا*\n- الصيغة `1C:ERP`\n- لا أحد يُسأل مرتين",
      },
      locale,
    ),
    actions: [
      action(
        "on",
        { en: "Switch it on", ru: "Включить автоматическую сверку", ar: "تفعيل" },
        locale,
        "primary",
      ),
      action(
        "read",
        { en: "Read more", ru: "Подробнее", ar: "المزيد" },
        locale,
        "secondary",
        "https://example.com/reconcile",
      ),
      action("no", { en: "Not now", ru: "Не сейчас", ar: "ليس الآن" }, locale, "quiet"),
    ],
  });
}

/** A beacon on an element, and what it says when it is opened. */
export function hotspot(look: Look, flow = "new-filter"): RunView {
  const { locale, anchor = "export-button", placement = "auto" } = look;
  return run("hotspot", flow, look, {
    ...step(locale, "filter", 0, 1, anchor, placement),
    title: text(
      { en: "Filters can be kept", ru: "Фильтр можно сохранить", ar: "يمكن حفظ عوامل التصفية" },
      locale,
    ),
    body: text(
      {
        en: "Give it a name once, and it is there for the whole team.",
        ru: "Назовите его один раз, и он появится у всей команды.",
        ar: "امنحه اسمًا مرة واحدة ليظهر لفريقك كله.",
      },
      locale,
    ),
    actions: [action("ok", { en: "Got it", ru: "Понятно", ar: "حسنًا" }, locale, "primary")],
  });
}

/** Three steps: an element, an element far down, the centre. */
export function tour(look: Look, index = 0): RunView {
  const { locale, placement = "auto" } = look;
  const last = index === 2;
  const anchor = [look.anchor ?? "export-button", "far-button", null][index] ?? null;
  const titles: Words[] = [
    { en: "Start with a report", ru: "Начните с отчёта", ar: "ابدأ بتقرير" },
    { en: "Colleagues see it too", ru: "Коллеги тоже его увидят", ar: "يراه الزملاء أيضًا" },
    { en: "That is the tour", ru: "Вот и весь обзор", ar: "انتهت الجولة" },
  ];
  const bodies: Words[] = [
    {
      en: "Filter first: the export takes the filter along.",
      ru: "Сначала отфильтруйте: экспорт сохранит фильтр.",
      ar: "استخدم التصفية أولًا: التصدير يحتفظ بها.",
    },
    {
      en: "Read-only until you say otherwise.",
      ru: "Только чтение, пока вы не решите иначе.",
      ar: "للقراءة فقط حتى تقرر غير ذلك.",
    },
    {
      en: "You will find it again under **Help**.",
      ru: "Снова открыть его можно в разделе **«Помощь»**.",
      ar: "ستجدها مجددًا في **المساعدة**.",
    },
  ];
  return run("tour", "first-value", look, {
    ...step(locale, ["report", "invite", "end"][index] ?? "end", index, 3, anchor, placement),
    title: text(titles[index] as Words, locale),
    body: text(bodies[index] as Words, locale),
    actions: [
      last
        ? action("done", { en: "Done", ru: "Готово", ar: "تم" }, locale, "primary")
        : action("next", NEXT, locale, "primary"),
      ...(index > 0 ? [action("back", BACK, locale, "quiet")] : []),
    ],
  });
}

export function checklist(look: Look, done = 1): RunView {
  const { locale } = look;
  const item = (
    id: string,
    at: number,
    title: Words,
    body: Words,
    more: Partial<ItemView> = {},
  ): ItemView => ({
    id: toId<ItemId>(id),
    title: text(title, locale),
    body: text(body, locale),
    done: at < done,
    locked: false,
    optional: false,
    actionable: true,
    ...more,
  });
  return {
    ...run("checklist", "first-week", look, null),
    title: text({ en: "Your first week", ru: "Ваша первая неделя", ar: "أسبوعك الأول" }, locale),
    items: [
      item(
        "company",
        0,
        { en: "Add your company", ru: "Добавьте компанию", ar: "أضف شركتك" },
        {
          en: "Name and address are enough.",
          ru: "Достаточно названия и адреса.",
          ar: "الاسم والعنوان يكفيان.",
        },
      ),
      item(
        "invoice",
        1,
        { en: "Send your first invoice", ru: "Отправьте первый счёт", ar: "أرسل أول فاتورة" },
        {
          en: "To yourself, if you like: it is the same mail.",
          ru: "Можно самому себе: письмо будет такое же.",
          ar: "إلى نفسك إن أردت.",
        },
      ),
      item(
        "report",
        2,
        { en: "Look at a report", ru: "Посмотрите отчёт", ar: "اطّلع على تقرير" },
        { en: "Any month will do.", ru: "Подойдёт любой месяц.", ar: "أي شهر يكفي." },
        { locked: done < 2 },
      ),
      item(
        "meet",
        9,
        { en: "Meet Olga, your person here", ru: "Познакомьтесь с Ольгой", ar: "تعرّف على أولغا" },
        {
          en: "Fifteen minutes, [choose a time](https://example.com/meet).",
          ru: "Пятнадцать минут, [выберите время](https://example.com/meet).",
          ar: "خمس عشرة دقيقة، [اختر وقتًا](https://example.com/meet).",
        },
        { optional: true, actionable: false },
      ),
    ],
  };
}

function step(
  _locale: Locale,
  id: string,
  index: number,
  count: number,
  anchor: string | null,
  placement: Placement,
): StepView {
  return {
    id: toId<StepId>(id),
    index,
    count,
    target: anchor === null ? null : { key: anchor, target: { anchor } },
    placement,
    actions: [],
  };
}

function run(kind: RunView["kind"], flow: string, look: Look, step: StepView | null): RunView {
  return {
    run: `${flow}/1`,
    flow: toId<FlowId>(flow),
    kind,
    locale: look.locale,
    theme: look.theme ?? {},
    step,
    items: null,
  };
}
