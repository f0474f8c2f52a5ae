/** Whether all these places of a text are digits, as their number; else NaN. */
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * Reads the timestamps of lines, as `Date.parse` does. Nearly all of a log are written as `toISOString` writes them, and
 * of one day with the line before.
 */
export function createLineMoment(): (timestamp: string) => number {
  let day = "";
  let midnight = Number.NaN;
  return (text) => {
    if (text.length !== 24 || text[10] !== "T" || text[13] !== ":" || text[16] !== ":" || text[19] !== ".")
      return Date.parse(text);
    const hours = digits(text, 11, 13);
    const minutes = digits(text, 14, 16);
    const seconds = digits(text, 17, 19);
    const ms = digits(text, 20, 23);
    if (!(hours < 24 && minutes < 60 && seconds < 60 && ms >= 0 && text[23] === "Z")) return Date.parse(text);
    if (!text.startsWith(day) || day === "") {
      day = text.slice(0, 10);
      midnight = Date.parse(`${day}T00:00:00.000Z`);
    }
    return midnight + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + ms;
  };
}
