import type { Rate } from "../access/rate-limits.ts";

/** One thing that whoever runs the server can set. Its key in the options file is its name in the table. */
export interface Option<T = unknown> {
  /** The environment variable. */
  readonly env: string;
  /** What holds where nobody sets it, as the table in the docs says it. */
  readonly fallback: string;
  /** What it is for, as the table in the docs says it. */
  readonly meaning: string;
  /** How a value is written, for the words of a refusal. */
  readonly form: string;
  /** `--name` alone means `true`. */
  readonly isSwitch: boolean;
  /** Reads a value; `undefined`: it is none. */
  read(text: string): T | undefined;
  /** What may be printed of a value. @default the value as it was written */
  readonly show?: (text: string) => string;
}

interface Words {
  readonly env: string;
  readonly fallback: string;
  readonly meaning: string;
  readonly show?: (text: string) => string;
}

const option = <T>(words: Words, form: string, read: (text: string) => T | undefined): Option<T> => ({
  ...words,
  form,
  isSwitch: false,
  read,
});

export const text = (words: Words): Option<string> => option(words, "some text", (value) => value);

export const wholeNumber = (words: Words, from: number, to: number): Option<number> =>
  option(words, `a whole number from ${from} to ${to}`, (value) =>
    /^\d{1,15}$/.test(value) && Number(value) >= from && Number(value) <= to ? Number(value) : undefined,
  );

export const choice = <T extends string>(words: Words, values: readonly T[]): Option<T> =>
  option(words, `one of ${values.join(", ")}`, (value) => values.find((one) => one === value));

const YES = ["1", "true", "yes", "on"];
const NO = ["0", "false", "no", "off"];
export const onOff = (words: Words): Option<boolean> => ({
  ...option(words, "1 or 0", (value) =>
    YES.includes(value) ? true : NO.includes(value) ? false : undefined,
  ),
  isSwitch: true,
});

/** `500/2000`, per second and at once; `off` is `null`. */
export const rate = (words: Words): Option<Rate | null> =>
  option(words, '"500/2000" (per second / at once) or "off"', (value) => {
    if (value === "off") return null;
    const [perSecond = 0, burst = 0] = (/^(\d{1,9})\/(\d{1,9})$/.exec(value)?.slice(1) ?? []).map(Number);
    return perSecond > 0 && burst > 0 ? { perSecond, burst } : undefined;
  });

const DAY_MS = 86_400_000;
/** `400d`, in milliseconds; `off` is `null`. */
export const days = (words: Words): Option<number | null> =>
  option(words, '"400d", a whole number of days from 1 to 36500, or "off"', (value) => {
    if (value === "off") return null;
    const count = Number(/^(\d{1,5})d$/.exec(value)?.[1] ?? 0);
    return count >= 1 && count <= 36_500 ? count * DAY_MS : undefined;
  });

/** For what may never be printed. */
export const hidden = (): string => "(set, not shown)";

/** Which server and which database, without user, password and parameters. */
export function withoutCredentials(url: string): string {
  if (!URL.canParse(url)) return hidden();
  const { protocol, host, pathname } = new URL(url);
  return host === "" ? hidden() : `${protocol}//${host}${pathname}`;
}

/** The value type of an option. */
export type ValueOf<O> = O extends Option<infer T> ? T : never;
