import type { ChecklistStrings, Strings } from "./strings.ts";

export const words: Strings & { readonly checklist: ChecklistStrings } = {
  locale: "ar",
  close: "إغلاق",
  step: "الخطوة {n} من {count}",
  progress: "{n} من {count}",
  reach: "اضغط {key} للانتقال إلى هذا التلميح.",
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
};
