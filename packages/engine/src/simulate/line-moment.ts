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

const DAY = 86_400_000;

const padded = (value: number) => (value < 10 ? `0${value}` : `${value}`);

/** Writes moments as `toISOString` does. What is written in order is mostly of one day with the one before. */
export function createMomentText(): (at: number) => string {
  let day = Number.NaN;
  let date = "";
  return (at) => {
    const today = Math.floor(at / DAY);
    if (today !== day) {
      date = new Date(at).toISOString().slice(0, -"00:00:00.000Z".length);
      day = today;
    }
    const ms = at - today * DAY;
    const seconds = Math.floor(ms / 1_000);
    const minutes = Math.floor(seconds / 60);
    const clock = `${padded(Math.floor(minutes / 60))}:${padded(minutes % 60)}:${padded(seconds % 60)}`;
    const rest = ms % 1_000;
    return `${date}${clock}.${rest < 100 ? "0" : ""}${padded(rest)}Z`;
  };
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
