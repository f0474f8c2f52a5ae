import type { ChecklistStrings, Strings } from "./strings.ts";

export const words: Strings & { readonly checklist: ChecklistStrings } = {
  locale: "ru",
  close: "Закрыть",
  step: "Шаг {n} из {count}",
  progress: "{n} из {count}",
  reach: "Чтобы перейти к подсказке, нажмите {key}.",
  hotspot: "Подсказка: {title}",
  checklist: {
    progress: "Ход выполнения",
    done: "Готово {done} из {total}",
    left: {
      one: "Остался {n} шаг",
      few: "Осталось {n} шага",
      many: "Осталось {n} шагов",
      other: "Осталось {n} шага",
    },
    allDone: "Всё готово",
    optional: "По желанию",
    locked: "Пока закрыто",
    itemDone: "Готово",
    itemOpen: "Ещё не сделано",
  },
};
