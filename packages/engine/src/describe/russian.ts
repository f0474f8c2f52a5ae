import type { Json } from "@cairn/flow-schema";
import type { Language, Subject } from "./language.ts";
import { languageWords, momentWords } from "./moment-words.ts";
import { span, spanOf, times, timesOf } from "./russian-numbers.ts";
import { spansOf } from "./spans.ts";

const join = (parts: readonly string[], word: string) =>
  parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} ${word} ${parts.at(-1)}`;
const quote = (text: string) => `«${text}»`;
const moment = (text: string) => momentWords(text, "ru") ?? text;
const word = (value: Json): string => {
  if (value === true) return "да";
  if (value === false) return "нет";
  if (value === null) return "не указано";
  if (typeof value === "string") return value === "" ? "пусто" : moment(value);
  if (Array.isArray(value) && value.length === 0) return "пустой список";
  if (Array.isArray(value)) return `в точности список ${join(value.map(word), "и")}`;
  if (typeof value !== "object") return String(value);
  return `в точности (${Object.entries(value)
    .map(([key, one]) => `${key}: ${word(one)}`)
    .join(", ")})`;
};
/** The values in an operator's list. */
const words = (value: Json, last: string): string =>
  Array.isArray(value) ? join(value.map(word), last) || "(ничего)" : word(value);
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
  $all: ["— всё из списка:", "— не всё из списка:"],
};
/** For dates: nobody says that a day is greater than another. */
const ORDER: typeof COMPARISONS = {
  $lt: ["раньше, чем", "не раньше, чем"],
  $lte: ["не позже, чем", "позже, чем"],
  $gt: ["позже, чем", "не позже, чем"],
  $gte: ["не раньше, чем", "раньше, чем"],
};
const TYPES: { readonly [type: string]: string } = {
  undefined: "вовсе ничего",
  string: "текст",
  number: "число",
  boolean: "да или нет",
  array: "список",
  object: "набор значений",
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
  entry: "у неё",
} as const;
const SIZES: { readonly [path: string]: string } = { width: "ширина их окна", height: "высота их окна" };
const isPixels = ({ owner, path }: Subject) => owner === "device" && path in SIZES;
function nameOf({ owner, path, counted }: Subject): string {
  if (path === "") return counted ? "число её записей" : "она";
  if (owner === "device" && SIZES[path]) return SIZES[path];
  return `${OWNERS[owner]} ${counted ? "число записей в " : ""}${quote(path)}`;
}
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
        : no && least === undefined && most !== undefined
          ? `больше ${timesOf(most)}`
          : no && most === undefined && least !== undefined
            ? `меньше ${timesOf(least)}`
            : [least && `${times(least)} или чаще`, most !== undefined && `не больше ${timesOf(most)}`]
                .filter(Boolean)
                .join(", но ");
    const said = `${who} сделали ${what} ${how}${when}`;
    return no && !/^(?:больше|меньше) /.test(how) ? russian.not(said) : said;
  },
  sequence(names, without, within, wait) {
    const chain = `они сделали ${names.map(quote).join(", потом ")} за ${span(within)}`;
    const but = without ? `, но не ${quote(without)}` : "";
    return `${chain}${but}${wait ? `, и с тех пор прошло ${span(wait).replace("секунду", "секунда").replace("минуту", "минута").replace("неделю", "неделя")}` : ""}`;
  },
  inactive: (name, isFeature, text, account) =>
    `раньше ${account ? "люди их аккаунта" : "они"} ${isFeature ? "пользовались" : "делали"} ${quote(name)}, но вот уже ${text} — нет`,
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
  page: (patterns, no) =>
    patterns.includes("/…")
      ? `они ${no ? "ни на одной" : "на любой"} странице`
      : `они ${no ? "не " : ""}на странице ${join(patterns, "или")}`,
  element: (name, is) => `${quote(name)} ${STATES[is] ?? is}`,
  interaction: (kind, name) => `они ${VERBS[kind]} ${quote(name)}`,
  signal: (name, text, target, depth) =>
    `${SIGNALS[name] ?? name}${depth ? ` на ${depth} %` : ""}${text ? ` ${text}` : ""}${target ? ` (${quote(target)})` : ""}`,
  time({ from, to, days, hours, zone }) {
    const parts = [
      from && `с ${moment(from)}`,
      to && `до ${moment(to)}`,
      days &&
        `по ${join(
          days.map((day) => DAYS[day] ?? day),
          "и",
        )}`,
      hours && `с ${hours[0]} до ${hours[1]}${zone ? ` (${zone})` : " по их времени"}`,
    ];
    return `это ${parts.filter(Boolean).join(" ")}`;
  },
  locale: (tags, no) =>
    `их язык — ${no ? "не " : ""}${join(
      tags.map((tag) => languageWords(tag, "ru")),
      "или",
    )}`,
  entry({ owner, path }, clause, no) {
    const list = path === "" ? "среди её записей" : `в списке ${quote(path)} ${OWNERS[owner]}`;
    return `${list} ${no ? "нет записи" : "есть запись"}, где ${clause}`;
  },
  attribute(subject, operator, value, no) {
    const { owner, path } = subject;
    const what = nameOf(subject);
    if (owner === "device" && path === "touch" && operator === "$eq" && typeof value === "boolean")
      return `у них ${value === no ? "не " : ""}сенсорный экран`;
    if (operator === "$exists") return `${what} ${Boolean(value) === no ? "не указано" : "указано"}`;
    if (operator === "$ago" || operator === "$ahead") {
      const spans = spansOf(value).map(([comparison, text]) => `${DISTANCE[comparison]} ${spanOf(text)}`);
      const said =
        operator === "$ago"
          ? `${what} — ${join(spans, "и")} назад`
          : `до ${quote(path)} ${owner === "account" ? "их аккаунта " : ""}осталось ${join(spans, "и")}`;
      return no ? russian.not(said) : said;
    }
    if (operator === "$type" && value !== "null")
      return `${what} — ${no ? "не " : ""}${TYPES[`${value}`] ?? value}`;
    const isDate = typeof value === "string" && moment(value) !== value;
    const comparison = (isDate && ORDER[operator]) || COMPARISONS[operator === "$type" ? "$eq" : operator];
    if (!comparison) return `${what} ${no ? "не подходит" : "подходит"} под своё правило`;
    if (value === null || operator === "$type")
      return `${what} ${(operator === "$ne") === no ? "не указано" : "указано"}`;
    const wanted =
      operator === "$eq" || operator === "$ne"
        ? word(value)
        : words(value, operator === "$all" ? "и" : "или");
    return `${what} ${comparison[no ? 1 : 0]} ${wanted}${isPixels(subject) && typeof value === "number" ? " пикселей" : ""}`;
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
      perAccount,
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
      perAccount && "считая всех людей аккаунта вместе",
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
      (from || to) &&
        `только ${[from && `с ${moment(from)}`, to && `до ${moment(to)}`].filter(Boolean).join(" ")}`,
      rollout && `пока только для ${percent(rollout)} людей`,
      holdout &&
        `${percent(holdout.share)} ${holdout.account ? "аккаунтов" : "людей"} не увидят — для сравнения`,
      parts.variants > 1 && `вариантов для сравнения: ${parts.variants}`,
      parts.patience && `ждёт удобного момента не больше ${spanOf(parts.patience)}`,
      parts.critical && "сказать нужно обязательно, поэтому общие ограничения не действуют",
      parts.off && "показ сейчас выключен",
    ].filter(Boolean);
    const said = `${KINDS[kind]} ${quote(name)} появляется${trigger ? `, когда ${trigger}` : " на каждой странице"}${audience ? `, если ${audience}` : ", для всех"}${rest.length ? `; ${rest.join("; ")}` : ""}.`;
    // The comma that closes "где …" is swallowed by what follows.
    return said.replace(/,+([,;.)])/g, "$1");
  },
};
