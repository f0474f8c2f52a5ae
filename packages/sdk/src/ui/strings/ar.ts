import type { ChecklistStrings, Strings } from "./strings.ts";

export const words: Strings & { readonly checklist: ChecklistStrings } = {
  locale: "ar",
  close: "إغلاق",
  step: "الخطوة {n} من {count}",
  progress: "{n} من {count}",
  reach: "اضغطوا {key} للانتقال إلى هذا التلميح.",
  hotspot: "تلميح: {title}",
  checklist: {
    progress: "التقدّم",
    done: "اكتمل {done} من {total}",
    // Said so, it needs no other form for any number.
    left: { other: "الخطوات المتبقية: {n}" },
    allDone: "اكتمل كل شيء",
    optional: "اختياري",
    locked: "مقفل",
    itemDone: "مكتمل",
    itemOpen: "لم يكتمل بعد",
  },
  preferences: {
    title: "التلميحات",
    pause: "إيقاف كل التلميحات مؤقتًا",
    paused: "لن يُفتح شيء من تلقاء نفسه إلى أن تلغوا الإيقاف.",
    show: "اعرضوا لي",
    categories: { tip: "نصائح", onboarding: "الخطوات الأولى", news: "الجديد", notice: "إشعارات" },
    again: "جولات يمكن رؤيتها مجددًا",
    start: "بدء",
    waits: "تبدأ الجولة في الصفحة التي تخصّها.",
  },
  film: {
    play: "تشغيل الفيديو: {name}",
    failed: "تعذّر عرض هذا الفيديو هنا.",
    open: "فتحه في علامة تبويب جديدة",
  },
  panels: {
    csm: "المسؤول عن حسابكم",
    support: "الدعم",
    book: "حجز موعد",
    call: "اتصال {phone}",
    write: "مراسلة {email}",
    site: "فتح صفحة المساعدة",
    nobody: "لم تُحدَّد جهة اتصال بعد. اسألوا القائمين على هذا المنتج عمّن يمكنه المساعدة.",
    copied: "تم النسخ",
    copy: "انسخوا هذا النص",
    copyHow: "لم يسمح المتصفح بالنسخ. النص محدَّد: اضغطوا Ctrl+C، أو ⌘C على Mac.",
  },
};
