const MINUTE_MS = 60_000;
const YEAR_MS = 366 * 86_400_000;

/** A moment as a field for date and time has it: by the reader's own clock, without a zone. */
export function toLocalField(at: number): string {
  const offset = new Date(at).getTimezoneOffset() * MINUTE_MS;
  return new Date(at - offset).toISOString().slice(0, 16);
}

/** What was written there as ISO 8601; `undefined` where it is no moment that may be planned. */
export function fromLocalField(text: string, now: number): string | undefined {
  const at = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?$/.test(text) ? new Date(text).getTime() : Number.NaN;
  return at >= now + MINUTE_MS && at <= now + YEAR_MS ? new Date(at).toISOString() : undefined;
}

/** The next full hour, at least an hour ahead: where the field begins. */
export function nextFullHour(now: number): number {
  const hour = 60 * MINUTE_MS;
  return Math.ceil((now + hour) / hour) * hour;
}
