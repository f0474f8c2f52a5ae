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

const TIMES: Forms = ["раз", "раза", "раз"];
export const times = (n: number) => `${n} ${plural(n, TIMES)}`;
const split = (duration: string) => [Number(duration.slice(0, -1)), duration.slice(-1)] as const;
export const span = (duration: string) => {
  const [n, unit] = split(duration);
  return `${n} ${plural(n, UNITS[unit] ?? ["", "", ""])}`;
};
export const spanOf = (duration: string) => {
  const [n, unit] = split(duration);
  return `${n} ${(GENITIVE[unit] ?? ["", ""])[isOne(n) ? 0 : 1]}`;
};
/** "не больше 2 раз", "не больше 1 раза". */
export const timesOf = (n: number) => `${n} ${isOne(n) ? "раза" : "раз"}`;
