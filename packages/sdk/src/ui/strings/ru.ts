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
  film: {
    play: "Смотреть видео: {name}",
    failed: "Это видео не удаётся показать здесь.",
    open: "Открыть в новой вкладке",
  },
  panels: {
    csm: "Ваш менеджер",
    support: "Поддержка",
    book: "Выбрать время для разговора",
    call: "Позвонить {phone}",
    write: "Написать на {email}",
    site: "Открыть страницу помощи",
    nobody: "Контакт пока не указан. К кому обратиться, подскажут те, кто ведёт этот продукт.",
    copied: "Скопировано",
    copy: "Скопируйте этот текст",
    copyHow: "Браузер не дал скопировать сам. Текст выделен: нажмите Ctrl+C, на Mac — ⌘C.",
  },
};
