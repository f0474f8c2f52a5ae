const ZERO = 48;
/** `2026-11-20T10:00:00.000Z`, as every SDK writes it. */
const USUAL_LENGTH = 24;

/**
 * Epoch milliseconds of a timestamp that was found to be one. The usual form is read digit by digit, in a third of
 * the time that `Date.parse` takes; all others are left to that.
 */
export function momentOf(text: string): number {
  if (text.length !== USUAL_LENGTH || text.charCodeAt(23) !== 90 || text.charCodeAt(19) !== 46)
    return Date.parse(text);
  const year = pair(text, 0) * 100 + pair(text, 2);
  const hour = pair(text, 11);
  const minute = pair(text, 14);
  const second = pair(text, 17);
  const millisecond = pair(text, 20) * 10 + text.charCodeAt(22) - ZERO;
  // Years before 100 mean others to `Date.UTC`.
  if (!(year >= 100 && hour < 24 && minute < 60 && second < 60)) return Date.parse(text);
  return Date.UTC(year, pair(text, 5) - 1, pair(text, 8), hour, minute, second, millisecond);
}

function pair(text: string, at: number): number {
  return (text.charCodeAt(at) - ZERO) * 10 + text.charCodeAt(at + 1) - ZERO;
}
