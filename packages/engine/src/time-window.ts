import type { Leaf } from "./condition.ts";
import { parseMoment } from "./moment.ts";
import { own } from "./own.ts";
import type { Asked } from "./truth.ts";

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

interface Window {
  readonly from?: string;
  readonly to?: string;
  readonly days?: readonly string[];
  readonly hours?: readonly [string, string];
  readonly timezone?: string;
}

/** Reads weekday (0 = Sunday) and minute of the day as a clock in that zone shows them; UTC where there is no such zone. */
function clockIn(timezone: string): (now: number) => { day: number; minute: number } {
  const make = (timeZone: string) =>
    new Intl.DateTimeFormat("en-US", {
      timeZone,
      weekday: "short",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    });
  let format: Intl.DateTimeFormat;
  try {
    format = make(timezone);
  } catch {
    format = make("UTC");
  }
  return (now) => {
    const parts = format.formatToParts(now);
    const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
    return {
      day: DAYS.indexOf(part("weekday").toLowerCase()),
      minute: Number(part("hour")) * 60 + Number(part("minute")),
    };
  };
}

const minuteOf = (text = "") => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

/** A question that may be asked of many moments: does this one lie in the window? */
export function windowTest({ leaf }: Leaf, zone: string): (now: number) => boolean {
  const { from, to, days, hours, timezone = "user" } = leaf.time as Window;
  const clock = days || hours ? clockIn(timezone === "user" ? zone : timezone) : null;
  return (now) => {
    if (from !== undefined && now < (parseMoment(from) ?? 0)) return false;
    if (to !== undefined && now >= (parseMoment(to) ?? 0)) return false;
    if (!clock) return true;
    const { day, minute } = clock(now);
    if (days && !days.includes(DAYS[day] ?? "")) return false;
    if (!hours) return true;
    const [begin, end] = [minuteOf(hours[0]), minuteOf(hours[1])];
    return begin <= end ? minute >= begin && minute < end : minute >= begin || minute < end;
  };
}

/** Whether the moment lies in the window: from inclusive, to exclusive; hours may run over midnight. */
export const timeTruth = (node: Leaf, now: number, zone: string): boolean => windowTest(node, zone)(now);

const QUARTER = 15 * 60_000;
/** A rule that names a weekday comes true within eight days. */
const HORIZON = 8 * 24 * 60 * 60_000;

/** The next moment after `now` at which the window opens or closes; where none is near, when to look again. */
export function nextTurn(node: Leaf, now: number, zone: string): number {
  const { from, to, hours } = node.leaf.time as Window;
  const isOpen = windowTest(node, zone);
  const before = isOpen(now);
  const edges = [from, to].map((text) => parseMoment(text) ?? 0);
  // Zones differ by quarter hours at the finest, so an hour of 10:07 can only begin seven minutes after one.
  const steps = [QUARTER, ...(hours ?? []).map((hour) => (minuteOf(hour) % 15) * 60_000)];
  let at = now;
  do {
    const quarter = Math.floor(at / QUARTER) * QUARTER;
    at = Math.min(...[...edges, ...steps.map((ms) => quarter + ms)].filter((one) => one > at));
  } while (at < now + HORIZON && isOpen(at) === before);
  return at;
}

/** The next moment at which each `time` leaf begins to hold, or what says `not` of it does. */
export function setTurns({ compiled, state, env }: Asked): void {
  for (const [timer, leaf] of compiled.times) {
    if ((own(state.local.timers, timer) ?? -1) > state.now) continue;
    state.local.timers[timer] = nextTurn(leaf, state.now, env.timezone);
  }
}
