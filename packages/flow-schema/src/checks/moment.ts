import { parseDate } from "../date.ts";
import { type Run, report } from "../run.ts";
import { quote } from "../wording.ts";

export function checkDate(value: unknown, path: string, run: Run): void {
  if (parseDate(value) === undefined)
    report(
      run,
      path,
      "bad-date",
      `${quote(value as string)} does not exist in the calendar`,
      'write a real day and time, such as "2027-02-28"',
    );
}

export function checkPeriod(value: unknown, path: string, run: Run): void {
  const { from, to } = value as { readonly from?: string; readonly to?: string };
  const start = parseDate(from);
  const end = parseDate(to);
  if (start !== undefined && end !== undefined && end <= start)
    report(
      run,
      path,
      "bad-date",
      `the period ends (${to}) before it begins (${from})`,
      'write a "to" that is later than "from"',
    );
}

export function checkTimeZone(value: unknown, path: string, run: Run): void {
  if (value !== "user") checkZoneName(value, path, run, '"user", or ');
}

/** A zone that is the same for everybody. */
export function checkZoneName(value: unknown, path: string, run: Run, or: unknown = ""): void {
  const zone = value as string;
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
  } catch {
    report(
      run,
      path,
      "bad-time-zone",
      `${quote(zone)} is not a time zone`,
      `write ${or}an IANA time zone such as "Europe/Moscow"`,
    );
  }
}
