import type { enReports } from "./en-reports.ts";

/** The same words in Russian. */
export const ruReports: typeof enReports = {
  adoption: {
    title: "Аккаунты",
    help: "За последние 28 дней, каждый аккаунт один раз.",
    figure: "Показатель",
    names: { breadth: "Широта", depth: "Глубина", frequency: "Частота" },
    means: {
      breadth: "активированные ключевые возможности из доступных",
      depth: "активные люди на оплаченные места",
      frequency: "недели с использованием из четырёх последних ожидаемых",
    },
    median: "Половина достигает",
    middle: "Средняя половина",
    none: "На нуле",
    full: "Полностью",
    counted: "Посчитано",
    missing: "Неизвестно",
    between: (low, high) => `${low} – ${high}`,
    over: (n) => `${n} больше своих мест`,
    immature: (accounts) => `${accounts} младше 28 дней: ни в одном показателе`,
    noSeats: "Для глубины нужен признак аккаунта seats: сколько мест он оплатил.",
    noAccounts: "За этот период не было ни одного аккаунта. Аккаунты приходят с group().",
    weeks: "Сколько достигает половина аккаунтов, на конец каждой недели",
    accounts: "Аккаунты",
    tooNew: "Новые",
  },
  funnelTime: {
    window: (d) => `Считается то, что было за ${d} после первого шага.`,
    immature: (people) => `Срок ещё не вышел: ${people}. В доли они не входят.`,
    weeks: "Решения по неделям",
    weeksHelp: "В каждой неделе человек считается один раз.",
    heldMost: "Чаще всего задержан",
  },
};
