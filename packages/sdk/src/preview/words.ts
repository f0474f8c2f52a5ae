/** What the mark says; `{flow}` and `{user}` stand for who and what. */
export interface PreviewWords {
  readonly preview: string;
  readonly as: string;
  readonly leave: string;
  readonly close: string;
  /** The link is older than an hour, or no link of this product's. */
  readonly ended: string;
  /** The server did not answer. */
  readonly unreachable: string;
  readonly missing: string;
  readonly held: string;
}

const WORDS: { readonly [language: string]: PreviewWords } = {
  en: {
    preview: "Preview: {flow}",
    as: "as {user}",
    leave: "Leave preview",
    close: "Close",
    ended: "This preview has ended. Ask for a new link to see it again.",
    unreachable: "The preview could not be loaded.",
    missing: "What it points at is not on this page.",
    held: "It cannot be shown here ({reason}).",
  },
  ru: {
    preview: "Предпросмотр: {flow}",
    as: "от имени {user}",
    leave: "Выйти из предпросмотра",
    close: "Закрыть",
    ended: "Этот предпросмотр закончился. Чтобы увидеть его снова, попросите новую ссылку.",
    unreachable: "Не удалось загрузить предпросмотр.",
    missing: "На этой странице нет элемента, на который он указывает.",
    held: "Здесь его нельзя показать ({reason}).",
  },
  ar: {
    preview: "معاينة: {flow}",
    as: "باسم {user}",
    leave: "إنهاء المعاينة",
    close: "إغلاق",
    ended: "انتهت هذه المعاينة. اطلب رابطًا جديدًا لرؤيتها مرة أخرى.",
    unreachable: "تعذّر تحميل المعاينة.",
    missing: "العنصر الذي تشير إليه غير موجود في هذه الصفحة.",
    held: "لا يمكن عرضها هنا ({reason}).",
  },
};

/** In the language of the tag, else in English; with the language that it is. */
export function wordsFor(locale: string): PreviewWords & { readonly language: string } {
  const language = locale.toLowerCase().split("-")[0] ?? "en";
  const words = WORDS[language];
  return words ? { ...words, language } : { ...(WORDS.en as PreviewWords), language: "en" };
}
