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

/** The next moment after `now` at which the window opens; `undefined` where none is near. */
export function nextOpening(node: Leaf, now: number, zone: string): number | undefined {
  const { from, hours } = node.leaf.time as Window;
  const start = from === undefined ? undefined : parseMoment(from);
  const isOpen = windowTest(node, zone);
  if (start !== undefined && start > now && isOpen(start)) return start;
  // Zones differ by quarter hours at the finest, so only odd minutes in `hours` ask for finer steps.
  const step = hours?.some((hour) => Number(hour.slice(3)) % 15) ? 60_000 : QUARTER;
  let before = isOpen(now);
  for (let at = (Math.floor(now / step) + 1) * step; at <= now + HORIZON; at += step) {
    const open = isOpen(at);
    if (open && !before) return at;
    before = open;
  }
  return undefined;
}

/** The next moment at which each `time` leaf begins to hold. */
export function setOpenings({ compiled, state, env }: Asked): void {
  for (const [timer, leaf] of compiled.times) {
    if ((own(state.local.timers, timer) ?? -1) > state.now) continue;
    // Where none is near, it is looked for again only then.
    state.local.timers[timer] = nextOpening(leaf, state.now, env.timezone) ?? state.now + HORIZON;
  }
}
