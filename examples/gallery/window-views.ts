import type { ActionView, RunView, StepView, TextView } from "../../packages/engine/src/effect.ts";
import {
  type ActionId,
  type FlowId,
  type FlowKind,
  type Placement,
  type StepId,
  toId,
} from "../../packages/flow-schema/src/index.ts";
import type { Locale, Look } from "./views.ts";

/** Modals, slideouts and banners, with all that they can hold; made by hand, as the engine would hand them over. */
type Words = { readonly [locale in Locale]: string };
type Button = readonly [id: string, words: Words, style: ActionView["style"], href?: string];

const said = (words: Words, locale: Locale): TextView => ({ source: words[locale], values: {} });

interface Content {
  readonly placement?: Placement;
  readonly at?: readonly [index: number, count: number];
  readonly title?: Words;
  readonly body?: Words;
  readonly media?: Omit<NonNullable<StepView["media"]>, "alt"> & { readonly alt: Words };
  readonly buttons?: readonly Button[];
}

function run(
  kind: FlowKind,
  flow: string,
  { locale, theme = {} }: Look,
  id: string,
  content: Content,
): RunView {
  const { placement = "auto", at: [index, count] = [0, 1], title, body, media, buttons = [] } = content;
  return {
    run: `${flow}/1`,
    flow: toId<FlowId>(flow),
    kind,
    locale,
    theme,
    items: null,
    step: {
      id: toId<StepId>(id),
      index,
      count,
      target: null,
      placement,
      ...(title && { title: said(title, locale) }),
      ...(body && { body: said(body, locale) }),
      ...(media && { media: { ...media, alt: said(media.alt, locale) } }),
      actions: buttons.map(([button, words, style, href]) => ({
        id: toId<ActionId>(button),
        label: said(words, locale),
        style,
        ...(href !== undefined && { href }),
      })),
    },
  };
}

const CHART: Words = { en: "A rising chart", ru: "Растущий график", ar: "رسم بياني صاعد" };
const LATER: Button = [
  "later",
  { en: "Remind me tomorrow", ru: "Напомнить завтра", ar: "ذكّرني غدًا" },
  "quiet",
];

export const modal = (look: Look) =>
  run("modal", "new-statements", look, "news", {
    title: {
      en: "Statements now send themselves",
      ru: "Акты сверки теперь уходят сами",
      ar: "كشوف الحساب تُرسل الآن تلقائيًا",
    },
    body: {
      en: "On the first of each month every client gets **one statement**. You see who has opened it, and nobody has to be asked twice.",
      ru: "Первого числа каждый клиент получает **один акт**. Видно, кто его открыл, и никого не нужно просить дважды.",
      ar: "في اليوم الأول من كل شهر يتلقى كل عميل **كشفًا واحدًا**. سترى من فتحه دون أن تسأل أحدًا مرتين.",
    },
    buttons: [
      ["on", { en: "Switch it on", ru: "Включить", ar: "تفعيل" }, "primary"],
      [
        "read",
        { en: "How it works", ru: "Как это работает", ar: "كيف يعمل" },
        "secondary",
        "https://example.com/statements",
      ],
      LATER,
    ],
  });

/** With a picture that reaches to the edges. */
export const hero = (look: Look): RunView => {
  const view = modal(look);
  const media = {
    type: "image",
    src: "chart.svg",
    alt: said(CHART, look.locale),
    width: 640,
    height: 280,
  } as const;
  return { ...view, step: view.step && { ...view.step, media } };
};

/** More words than fit: they scroll, the buttons stay. */
export const long = (look: Look): RunView => {
  const view = modal(look);
  const { step } = view;
  const body = step?.body && {
    ...step.body,
    source: Array.from({ length: 14 }, (_, n) => `### ${n + 1}\n\n${step.body?.source}`).join("\n\n"),
  };
  return { ...view, step: step && { ...step, ...(body && { body }) } };
};

export const slideout = (look: Look) =>
  run("slideout", "quiet-export", look, "ask", {
    ...(look.placement && { placement: look.placement }),
    title: {
      en: "Your exports have gone quiet",
      ru: "Вы давно ничего не выгружали",
      ar: "لم تُصدّر شيئًا منذ مدة",
    },
    body: {
      en: "Is something in the way? Olga knows the reports by heart and has time today.",
      ru: "Что-то мешает? Ольга знает отчёты наизусть, и сегодня у неё есть время.",
      ar: "هل هناك ما يعيقك؟ أولغا تعرف التقارير جيدًا ولديها وقت اليوم.",
    },
    buttons: [
      ["contact", { en: "Ask Olga", ru: "Спросить Ольгу", ar: "اسأل أولغا" }, "primary"],
      ["fewer", { en: "Fewer hints", ru: "Меньше подсказок", ar: "تلميحات أقل" }, "quiet"],
    ],
  });

/** Nothing to press but the ×: a region, and no dialog. */
export const note = (look: Look) =>
  run("slideout", "saved-filter", look, "note", {
    ...(look.placement && { placement: look.placement }),
    body: {
      en: "Filters are kept with the report from now on.",
      ru: "Теперь фильтры сохраняются вместе с отчётом.",
      ar: "تُحفظ عوامل التصفية الآن مع التقرير.",
    },
  });

export const banner = (look: Look) =>
  run("banner", "payment-due", look, "due", {
    ...(look.placement && { placement: look.placement }),
    title: {
      en: "Invoice 1042 is due on Friday.",
      ru: "Счёт 1042 — до пятницы.",
      ar: "الفاتورة 1042 تستحق الجمعة.",
    },
    body: {
      en: "Pay it here and nothing stops.",
      ru: "Оплатите здесь, и ничего не остановится.",
      ar: "ادفعها هنا ولن يتوقف شيء.",
    },
    buttons: [
      ["pay", { en: "Pay now", ru: "Оплатить", ar: "ادفع الآن" }, "primary"],
      ["copy", { en: "Copy the number", ru: "Скопировать номер", ar: "نسخ الرقم" }, "quiet"],
    ],
  });

export const line = (look: Look) =>
  run("banner", "maintenance", look, "note", {
    ...(look.placement && { placement: look.placement }),
    body: {
      en: "We are working on exports tonight from 22:00 to 23:00. Everything else goes on.",
      ru: "Сегодня с 22:00 до 23:00 мы обновляем выгрузку. Всё остальное работает.",
      ar: "نعمل على التصدير الليلة من 22:00 إلى 23:00. كل شيء آخر يعمل.",
    },
  });

/** A question whose buttons are its answers, and what comes after it. */
export const choice = (look: Look, index = 0) =>
  index === 0
    ? run("modal", "your-work", look, "role", {
        at: [0, 2],
        title: {
          en: "What do you want to do first?",
          ru: "С чего хотите начать?",
          ar: "بماذا تريد أن تبدأ؟",
        },
        body: {
          en: "We show you that part of the product, and leave the rest alone.",
          ru: "Покажем именно эту часть продукта и не будем отвлекать остальным.",
          ar: "سنعرض لك هذا الجزء من المنتج فقط.",
        },
        buttons: [
          ["invoices", { en: "Send invoices", ru: "Отправлять счета", ar: "إرسال الفواتير" }, "secondary"],
          [
            "reports",
            {
              en: "See who has paid, and who is late",
              ru: "Видеть, кто оплатил и кто опаздывает",
              ar: "معرفة من دفع ومن تأخر",
            },
            "secondary",
          ],
          ["team", { en: "Bring my team", ru: "Пригласить коллег", ar: "دعوة فريقي" }, "secondary"],
          ["skip", { en: "I will look around", ru: "Осмотрюсь сам", ar: "سأتجول بنفسي" }, "quiet"],
        ],
      })
    : run("modal", "your-work", look, "thanks", {
        at: [1, 2],
        title: { en: "Then start here", ru: "Тогда начните отсюда", ar: "ابدأ من هنا إذًا" },
        body: {
          en: "Press **Export** in the report: your filter goes along.",
          ru: "Нажмите **Export** в отчёте: фильтр сохранится.",
          ar: "اضغط **Export** في التقرير.",
        },
        buttons: [
          ["done", { en: "Done", ru: "Готово", ar: "تم" }, "primary"],
          ["back", { en: "Back", ru: "Назад", ar: "رجوع" }, "quiet"],
        ],
      });

export const video = (look: Look) =>
  run("slideout", "film", look, "film", {
    title: { en: "Exports in ten seconds", ru: "Выгрузка за десять секунд", ar: "التصدير في عشر ثوانٍ" },
    body: {
      en: "Filter, press, send: that is all there is to it.",
      ru: "Отфильтровать, нажать, отправить — вот и всё.",
      ar: "صفِّ، اضغط، أرسل.",
    },
    media: {
      type: "video",
      src: "film.webm",
      poster: "poster.svg",
      width: 640,
      height: 360,
      alt: { en: "How an export is made", ru: "Как сделать выгрузку", ar: "كيفية التصدير" },
      captions: { en: "film.en.vtt", ru: "film.ru.vtt" },
    },
    buttons: [["try", { en: "Try it", ru: "Попробовать", ar: "جرّب" }, "primary"]],
  });

/** What the account of the made-up person knows of its customer-success manager. */
export const ACCOUNT = {
  csm: {
    name: "Olga Sokolova",
    title: "Customer success, mornings CET",
    photo: "face.svg",
    calendar: "https://example.com/olga",
    phone: "+49 30 1234567",
    email: "olga@example.com",
  },
};

/** What opens next when this button has been pressed in that run; `undefined`: the run ends. */
export function after(view: RunView, pressed: string, look: Look): RunView | undefined {
  if (view.flow !== "your-work") return undefined;
  if (pressed === "back") return choice(look);
  return ["done", "skip", "close"].includes(pressed) ? undefined : choice(look, 1);
}

export const kinds = { modal, hero, long, slideout, note, banner, line, choice, video };
