/** Numbers and dates as one reader sees them: the words' language, the reader's own time zone. */
export interface Format {
  number(n: number): string;
  /** A fraction as a percentage: `0.423` → `42 %`; one decimal below 10 %. */
  percent(fraction: number): string;
  /** One decimal below 10: `3.5`, `12`. */
  decimal(n: number): string;
  date(at: string | number | Date): string;
  dateTime(at: string | number | Date): string;
  /** To the second, for lists of decisions. */
  moment(at: string | number | Date): string;
  /** A day written `YYYY-MM-DD`, whatever the reader's zone. */
  day(isoDay: string): string;
  /** A duration as flows write it, in words: `7d` → `7 days`. */
  duration(written: string): string;
}

const UNITS: { readonly [letter: string]: string } = {
  s: "second",
  m: "minute",
  h: "hour",
  d: "day",
  w: "week",
};

const PLAIN_DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * @param language the studio's language; a reader whose browser speaks a variety of it (`en-GB`) gets that
 * variety's dates
 * @param spoken the browser's languages, best first
 */
export function formatFor(language: string, spoken: readonly string[] = [], timeZone?: string): Format {
  const locale = spoken.find((tag) => tag === language || tag.startsWith(`${language}-`)) ?? language;
  const zone = timeZone === undefined ? {} : { timeZone };
  const integer = new Intl.NumberFormat(locale);
  const tenths = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const whole = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 0 });
  const fine = new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 });
  const date = new Intl.DateTimeFormat(locale, { dateStyle: "medium", ...zone });
  const dateTime = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short", ...zone });
  const moment = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    ...zone,
  });
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", timeZone: "UTC" });
  const safe = (format: Intl.DateTimeFormat, at: string | number | Date) => {
    const time = new Date(at);
    return Number.isNaN(time.getTime()) ? String(at) : format.format(time);
  };
  return {
    number: (n) => integer.format(n),
    percent: (fraction) => (fraction < 0.1 ? fine : whole).format(fraction),
    decimal: (n) => (n < 10 ? tenths : integer).format(n),
    date: (at) => safe(date, at),
    dateTime: (at) => safe(dateTime, at),
    moment: (at) => safe(moment, at),
    day: (isoDay) => (PLAIN_DAY.test(isoDay) ? day.format(new Date(`${isoDay}T00:00:00Z`)) : isoDay),
    duration(written) {
      const unit = UNITS[written.slice(-1)];
      const count = Number.parseInt(written, 10);
      if (unit === undefined || Number.isNaN(count)) return written;
      return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(count);
    },
  };
}
