import type { Strings } from "./strings.ts";

export const ru: Strings = {
  locale: "ru",
  close: "Закрыть",
  step: "Шаг {n} из {count}",
  progress: "{n} из {count}",
  done: "Готово {done} из {total}",
  left: {
    one: "Остался {n} шаг",
    few: "Осталось {n} шага",
    many: "Осталось {n} шагов",
    other: "Осталось {n} шага",
  },
  allDone: "Всё готово",
  progressLabel: "Ход выполнения",
  optional: "По желанию",
  locked: "Пока закрыто",
  itemDone: "Готово",
  itemOpen: "Ещё не сделано",
  reach: "Чтобы перейти к подсказке, нажмите {key}.",
};
