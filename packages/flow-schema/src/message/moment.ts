import { daysIn } from "../date.ts";
import { show } from "../wording.ts";
import type { Flaw } from "./flaw.ts";

/** Whether the calendar has the day. Everything else about a moment the schema's pattern has said before. */
export function checkMoment(text: string): Flaw | undefined {
  const day = pair(text, 8);
  // Every month has 28.
  if (day <= 28 || day <= daysIn(pair(text, 0) * 100 + pair(text, 2), pair(text, 5))) return undefined;
  return noMoment(text);
}

export function noMoment(value: unknown): Flaw {
  return {
    code: "bad-date",
    message: `${show(value)} is not a moment in time`,
    fix: 'send ISO 8601 with a zone, such as "2026-03-01T09:00:00.000Z"',
  };
}

/** Two digits as a number. */
function pair(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}
