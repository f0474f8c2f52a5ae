import type { Json } from "@cairn/flow-schema";
import type { Language } from "./language.ts";
import { spansOf } from "./spans.ts";

/** Forms for 1, 2–4 and 5 and more. */
type Forms = readonly [one: string, few: string, many: string];

/** "1 день, 3 дня, 14 дней, 21 день". */
export function plural(n: number, [one, few, many]: Forms): string {
  const tens = n % 100;
  const ones = n % 10;
  if (tens > 10 && tens < 15) return many;
  if (ones === 1) return one;
  return ones > 1 && ones < 5 ? few : many;
}

/** As after "за", "через", "раз в". */
const UNITS: { readonly [unit: string]: Forms } = {
  s: ["секунду", "секунды", "секунд"],
  m: ["минуту", "минуты", "минут"],
  h: ["час", "часа", "часов"],
  d: ["день", "дня", "дней"],
  w: ["неделю", "недели", "недель"],
};
/** As after "больше", "меньше", "не позже чем за" — one form for one, one for the rest. */
const GENITIVE: { readonly [unit: string]: readonly [one: string, many: string] } = {
  s: ["секунды", "секунд"],
  m: ["минуты", "минут"],
  h: ["часа", "часов"],
  d: ["дня", "дней"],
  w: ["недели", "недель"],
};
const isOne = (n: number) => n % 10 === 1 && n % 100 !== 11;

const join = (parts: readonly string[], word: string) =>
  parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} ${word} ${parts.at(-1)}`;
const quote = (text: string) => `«${text}»`;
const TIMES: Forms = ["раз", "раза", "раз"];
const times = (n: number) => `${n} ${plural(n, TIMES)}`;
const split = (duration: string) => [Number(duration.slice(0, -1)), duration.slice(-1)] as const;
const span = (duration: string) => {
  const [n, unit] = split(duration);
  return `${n} ${plural(n, UNITS[unit] ?? ["", "", ""])}`;
};
const spanOf = (duration: string) => {
  const [n, unit] = split(duration);
  return `${n} ${(GENITIVE[unit] ?? ["", ""])[isOne(n) ? 0 : 1]}`;
};
/** "не больше 2 раз", "не больше 1 раза". */
const timesOf = (n: number) => `${n} ${isOne(n) ? "раза" : "раз"}`;

const word = (value: Json): string => {
  if (value === true) return "да";
  if (value === false) return "нет";
  return Array.isArray(value) ? join(value.map(word), "или") : String(value);
};
const COMPARISONS: { readonly [operator: string]: readonly [yes: string, no: string] } = {
  $eq: ["—", "— не"],
  $ne: ["— не", "—"],
  $in: ["—", "— не"],
  $ini: ["—", "— не"],
  $nin: ["— не", "—"],
  $nini: ["— не", "—"],
  $lt: ["меньше", "не меньше"],
  $lte: ["не больше", "больше"],
  $gt: ["больше", "не больше"],
  $gte: ["не меньше", "меньше"],
  $veq: ["— версия", "— не версия"],
  $vne: ["— не версия", "— версия"],
  $vlt: ["старше версии", "не старше версии"],
  $vlte: ["не новее версии", "новее версии"],
  $vgt: ["новее версии", "не новее версии"],
  $vgte: ["не старше версии", "старше версии"],
  $contains: ["содержит", "не содержит"],
  $startsWith: ["начинается с", "не начинается с"],
  $endsWith: ["заканчивается на", "не заканчивается на"],
  $size: ["— столько записей:", "— не столько записей:"],
  $all: ["— всё из списка:", "— не всё из списка:"],
};
const DISTANCE: { readonly [comparison: string]: string } = {
  $lt: "меньше",
  $lte: "не больше",
  $gt: "больше",
  $gte: "не меньше",
};
const SIGNALS: { readonly [name: string]: string } = {
  idle: "они ничего не делают",
  "rage-click": "они раз за разом щёлкают в одно место",
  "dead-click": "они щёлкают там, где ничего не происходит",
  "form-error": "форма не приняла то, что они ввели",
  "exit-intent": "они собираются уйти",
  dwell: "они остаются на странице",
  scroll: "они прокрутили страницу",
};
const DAYS: { readonly [day: string]: string } = {
  mon: "понедельникам",
  tue: "вторникам",
  wed: "средам",
  thu: "четвергам",
  fri: "пятницам",
  sat: "субботам",
  sun: "воскресеньям",
};
const STATES: { readonly [state: string]: string } = {
  present: "есть на странице",
  visible: "на виду",
  hidden: "не на виду",
  enabled: "можно нажать",
  disabled: "нельзя нажать",
};
const OWNERS = {
  user: "у них",
  account: "у их аккаунта",
  device: "у их устройства",
  event: "у него",
} as const;
const VERBS = {
  click: "нажимают на",
  hover: "наводят на",
  focus: "переходят в",
  input: "печатают в",
} as const;
const KINDS = {
  tooltip: "Подсказка",
  hotspot: "Метка",
  tour: "Экскурсия",
  checklist: "Чек-лист",
  modal: "Окно",
  slideout: "Карточка сбоку",
  banner: "Баннер",
} as const;

export const russian: Language = {
  tag: "ru",
  quote,
  span,
  and: (parts) => join(parts, "и"),
  or: (parts) => join(parts, "или"),
  not: (clause) => `неверно, что ${clause}`,
  count({ event, least, most, within, where, account }, no) {
    const who = account ? "люди их аккаунта" : "они";
    const what = `${quote(event)}${where ? `, где ${where},` : ""}`;
    const when = within ? ` за ${span(within)}` : "";
    if (most === undefined && (least ?? 1) <= 1)
      return no || least === 0 ? `${who} ни разу не сделали ${what}${when}` : `${who} сделали ${what}${when}`;
    if (most === 0) return no ? `${who} сделали ${what}${when}` : `${who} ни разу не сделали ${what}${when}`;
    const how =
      least === most
        ? `ровно ${times(least ?? 0)}`
        : [least && `${times(least)} или чаще`, most !== undefined && `не больше ${timesOf(most)}`]
            .filter(Boolean)
            .join(", но ");
    const said = `${who} сделали ${what} ${how}${when}`;
    return no ? russian.not(said) : said;
  },
  sequence(names, without, within, wait) {
    const chain = `они сделали ${names.map(quote).join(", потом ")} за ${span(within)}`;
    const but = without ? `, но не ${quote(without)}` : "";
    return `${chain}${but}${wait ? `, и с тех пор прошло ${span(wait).replace("секунду", "секунда").replace("минуту", "минута").replace("неделю", "неделя")}` : ""}`;
  },
  inactive: (name, isFeature, text) =>
    `раньше они ${isFeature ? "пользовались" : "делали"} ${quote(name)}, но вот уже ${text} — нет`,
  feature(name, is, account, no) {
    const who = account ? "люди их аккаунта" : "они";
    if (is === "untried") return `${who} ${no ? "уже пробовали" : "ещё не пробовали"} ${quote(name)}`;
    if (is === "activated") return `${who} ${no ? "ещё не освоили" : "освоили"} ${quote(name)}`;
    if (is === "lapsed") return `${who} ${no ? "не перестали" : "перестали"} пользоваться ${quote(name)}`;
    const tried = `${who} пробовали ${quote(name)}, но не освоили`;
    return no ? russian.not(tried) : tried;
  },
  flow(name, is, no) {
    const verbs = {
      unseen: "видели",
      seen: "видели",
      active: "держат открытым",
      completed: "прошли до конца",
      dismissed: "закрыли",
      snoozed: "отложили",
    };
    return `они ${no !== (is === "unseen") ? "не " : ""}${verbs[is]} ${quote(name)}`;
  },
  segment: (name, no) => `они ${no ? "не " : ""}входят в группу ${quote(name)}`,
  page: (patterns, no) => `они ${no ? "не " : ""}на странице ${join(patterns, "или")}`,
  element: (name, is) => `${quote(name)} ${STATES[is] ?? is}`,
  interaction: (kind, name) => `они ${VERBS[kind]} ${quote(name)}`,
  signal: (name, text, target, depth) =>
    `${SIGNALS[name] ?? name}${depth ? ` на ${depth} %` : ""}${text ? ` ${text}` : ""}${target ? ` (${quote(target)})` : ""}`,
  time({ from, to, days, hours, zone }) {
    const parts = [
      from && `не раньше ${from}`,
      to && `до ${to}`,
      days &&
        `по ${join(
          days.map((day) => DAYS[day] ?? day),
          "и",
        )}`,
      hours && `с ${hours[0]} до ${hours[1]}${zone ? ` (${zone})` : " по их времени"}`,
    ];
    return `это ${parts.filter(Boolean).join(" ")}`;
  },
  locale: (tags) => `их язык — ${join(tags, "или")}`,
  attribute(owner, path, operator, value, no) {
    const what = `${OWNERS[owner]} ${quote(path)}`;
    if (operator === "$exists") return `${what} ${Boolean(value) === no ? "не указано" : "указано"}`;
    if (operator === "$ago" || operator === "$ahead") {
      const spans = spansOf(value).map(([comparison, text]) => `${DISTANCE[comparison]} ${spanOf(text)}`);
      const said =
        operator === "$ago"
          ? `${what} — ${join(spans, "и")} назад`
          : `до ${quote(path)} ${owner === "account" ? "их аккаунта " : ""}осталось ${join(spans, "и")}`;
      return no ? russian.not(said) : said;
    }
    const comparison = COMPARISONS[operator];
    if (!comparison) return `${what} ${no ? "не подходит" : "подходит"} под своё правило`;
    if (value === null) return `${what} ${(operator === "$ne") === no ? "не указано" : "указано"}`;
    return `${what} ${comparison[no ? 1 : 0]} ${word(value)}`;
  },
  kind: (kind) => KINDS[kind],
  sentence(parts) {
    const {
      kind,
      name,
      trigger,
      audience,
      atMost,
      gap,
      perSession,
      until,
      goal,
      rollout,
      holdout,
      from,
      to,
    } = parts;
    const often = [
      atMost !== null && (atMost === 1 ? "один раз" : `не больше ${timesOf(atMost)}`),
      perSession && "раз за посещение",
      gap && `не чаще раза в ${span(gap).replace(/^1 /, "")}`,
    ].filter(Boolean);
    const reached = goal && `${goal.clause}${goal.within ? ` (за ${span(goal.within)} после показа)` : ""}`;
    const end =
      until === "goal" && reached
        ? `до тех пор, когда окажется, что ${reached}`
        : until === "dismissed"
          ? "пока не закроют или не пройдут до конца"
          : until === "completed"
            ? "пока не пройдут до конца"
            : "";
    const percent = (share: string) => share.replace("%", " %");
    const rest = [
      [often.join(", "), end].filter(Boolean).join(", "),
      until !== "goal" && reached && `цель — чтобы ${reached}`.replace("чтобы они", "они"),
      (from || to) && `только ${[from && `с ${from}`, to && `до ${to}`].filter(Boolean).join(" ")}`,
      rollout && `пока только для ${percent(rollout)} людей`,
      holdout &&
        `${percent(holdout.share)} ${holdout.account ? "аккаунтов" : "людей"} не увидят — для сравнения`,
      parts.critical && "сказать нужно обязательно, поэтому общие ограничения не действуют",
    ].filter(Boolean);
    return `${KINDS[kind]} ${quote(name)} появляется ${trigger ? `, когда ${trigger}` : "на каждой странице"}${audience ? `, если ${audience}` : ", для всех"}${rest.length ? `; ${rest.join("; ")}` : ""}.`.replace(
      " , ",
      ", ",
    );
  },
};
