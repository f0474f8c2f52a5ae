import { LIMITS, RECORDED_EVENTS } from "@cairn/flow-schema";

/**
 * Whether a message may be stored, said once more by hand and without any care for time: what the schema and its checks
 * are held against.
 */
export function mayBeStored(message: unknown): boolean {
  if (!isMap(message)) return false;
  const { type, messageId, timestamp, userId, anonymousId, event, groupId, name } = message;
  return (
    isText(messageId, 1, 128) &&
    isMoment(timestamp) &&
    [userId, anonymousId].every((id) => id === undefined || id === null || isText(id, 0, 256)) &&
    [userId, anonymousId].some((id) => isText(id, 1, 256)) &&
    ((type === "track" && isText(event, 1, 200) && isFreeName(event as string)) ||
      type === "identify" ||
      (type === "group" && isText(groupId, 1, 256)) ||
      (type === "page" && (name === undefined || name === null || isText(name, 0, 200)))) &&
    [message.properties, message.traits, message.context].every(isBag) &&
    isFromSdk((message.context as Map | null | undefined)?.cairn)
  );
}

type Map = { readonly [key: string]: unknown };

const isMap = (value: unknown): value is Map =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** In UTF-16 units. */
const isText = (value: unknown, least = 0, most = Number.POSITIVE_INFINITY): boolean =>
  typeof value === "string" && value.length >= least && value.length <= most;

const isFreeName = (name: string): boolean =>
  !/^cairn\./.test(name) || (RECORDED_EVENTS as readonly string[]).includes(name);

/** Written back from its parts, a day that does not exist, or an hour 24, comes out as another one. */
function isMoment(value: unknown): boolean {
  const parts =
    typeof value === "string" &&
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(?:\.\d{1,9})?(?:Z|[+-](\d\d):(\d\d))$/.exec(value);
  if (!parts || (value as string).includes(".") > (parts[2] !== undefined)) return false;
  const [, day = "", second = ":00", zoneHour = "0", zoneMinute = "0"] = parts;
  const date = new Date(`${day}${second}Z`);
  if (Number(zoneHour) > 23 || Number(zoneMinute) > 59 || Number.isNaN(date.getTime())) return false;
  return date.toISOString().startsWith(day + second);
}

function isBag(value: unknown): boolean {
  return value === undefined || value === null || (isMap(value) && isClean(value, LIMITS.depth));
}

function isClean(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return true;
  return (
    levels > 0 &&
    Object.entries(value).every(
      ([key, entry]) =>
        (Array.isArray(value) || !["__proto__", "constructor", "prototype"].includes(key)) &&
        isClean(entry, levels - 1),
    )
  );
}

function isFromSdk(cairn: unknown): boolean {
  if (cairn === undefined) return true;
  if (!isMap(cairn)) return false;
  const { session, seq, tab, sdk, run, decidedAt } = cairn;
  return (
    [session, tab, sdk].every((text) => isText(text)) &&
    Number.isInteger(seq) &&
    (seq as number) >= 1 &&
    [run, decidedAt].every((text) => text === undefined || isText(text))
  );
}
