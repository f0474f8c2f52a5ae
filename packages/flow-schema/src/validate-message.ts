import { LIMITS } from "./bounds.ts";
import { daysIn } from "./date.ts";
import { MESSAGE_TYPES, type Message, RECORDED_EVENTS, RESERVED_PREFIX } from "./event.ts";
import type { Problem, ProblemCode } from "./problem.ts";
import { either, nearest, show } from "./wording.ts";

/** A message that may be stored, or the first thing that is wrong with it. */
export type MessageValidation =
  | { readonly ok: true; readonly value: Message }
  | { readonly ok: false; readonly problem: Problem };

type Fields = { readonly [key: string]: unknown };
type Fault = Omit<Problem, "file">;

const RECORDED: ReadonlySet<string> = /* @__PURE__ */ new Set(RECORDED_EVENTS);
const MAX_ID = 256;
const MAX_MESSAGE_ID = 128;
const MAX_NAME = 200;

/**
 * Checks one message of the Segment spec. Written out by hand, since it is asked for every event: twenty take
 * about 10 µs. Unknown fields pass (other clients send more); ids that are null or empty, as some clients
 * send them, are left out of the value. Never throws.
 */
export function validateMessage(value: unknown, file = "message"): MessageValidation {
  try {
    const fault = faultOf(value);
    if (fault !== undefined) return { ok: false, problem: { file, ...fault } };
    return { ok: true, value: withoutEmptyIds(value as Fields) as unknown as Message };
  } catch {
    const problem = {
      path: "",
      code: "not-json",
      message: "the message throws when it is read",
      fix: "send plain JSON",
    } as const;
    return { ok: false, problem: { file, ...problem } };
  }
}

function faultOf(value: unknown): Fault | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return fault(
      "",
      "wrong-type",
      `found ${show(value)} where a message is expected`,
      'send an object such as {"type": "track", …}',
    );
  const message = value as Fields;
  const { type, messageId, timestamp, anonymousId, userId, properties, traits, context } = message;
  if (type !== "track" && type !== "identify" && type !== "group" && type !== "page") return typeFault(type);
  if (typeof messageId !== "string" || messageId.length === 0 || messageId.length > MAX_MESSAGE_ID)
    return textFault("messageId", messageId, MAX_MESSAGE_ID);
  if (typeof timestamp !== "string" || !isMoment(timestamp)) return timestampFault(timestamp);
  const named = isGiven(userId);
  if (!named && isWrongId(userId)) return textFault("userId", userId, MAX_ID);
  if (!isGiven(anonymousId)) {
    if (isWrongId(anonymousId)) return textFault("anonymousId", anonymousId, MAX_ID);
    if (!named)
      return fault("", "missing-field", "the message does not say who", 'add "userId" or "anonymousId"');
  }
  if (type === "track") {
    const event = message.event;
    if (typeof event !== "string" || event.length === 0 || event.length > MAX_NAME)
      return textFault("event", event, MAX_NAME);
    if (event.startsWith(RESERVED_PREFIX) && !RECORDED.has(event))
      return fault(
        "/event",
        "reserved-name",
        `${show(event)} begins with "${RESERVED_PREFIX}", which is kept for the SDK`,
        "give the event a name of your own",
      );
  } else if (type === "group") {
    if (!isGiven(message.groupId)) return textFault("groupId", message.groupId, MAX_ID);
  } else if (type === "page") {
    const name = message.name;
    if (name !== undefined && name !== null && (typeof name !== "string" || name.length > MAX_NAME))
      return textFault("name", name, MAX_NAME);
  }
  return (
    bagFault("properties", properties) ??
    bagFault("traits", traits) ??
    bagFault("context", context) ??
    cairnFault(context)
  );
}

function isGiven(id: unknown): boolean {
  return typeof id === "string" && id.length > 0 && id.length <= MAX_ID;
}

/** Neither a good id nor one that counts as left out. */
function isWrongId(id: unknown): boolean {
  return id !== undefined && id !== null && id !== "";
}

/** Copies only where it must: the usual message comes back as it is. */
function withoutEmptyIds(message: Fields): Fields {
  const { userId, anonymousId, groupId, name } = message;
  if (
    userId !== null &&
    userId !== "" &&
    anonymousId !== null &&
    anonymousId !== "" &&
    groupId !== null &&
    groupId !== "" &&
    name !== null
  )
    return message;
  const kept: { [key: string]: unknown } = { ...message };
  for (const key of ["userId", "anonymousId", "groupId", "name"]) {
    if (kept[key] === null || (kept[key] === "" && key !== "name")) delete kept[key];
  }
  return kept;
}

/** `2026-03-01T09:00:00.000Z`, with seconds and fraction left out or a zone `+03:00`; a real day and time. */
function isMoment(text: string): boolean {
  const length = text.length;
  if (length < 17 || length > 40) return false;
  if (
    text.charCodeAt(4) !== 45 ||
    text.charCodeAt(7) !== 45 ||
    text.charCodeAt(10) !== 84 ||
    text.charCodeAt(13) !== 58
  )
    return false;
  const century = pair(text, 0);
  const years = pair(text, 2);
  const month = pair(text, 5);
  const day = pair(text, 8);
  if (century < 0 || years < 0 || day < 1 || day > daysIn(century * 100 + years, month)) return false;
  if (!within(pair(text, 11), 23) || !within(pair(text, 14), 59)) return false;
  let at = 16;
  if (text.charCodeAt(at) === 58) {
    if (!within(pair(text, 17), 59)) return false;
    at = 19;
    if (text.charCodeAt(at) === 46) {
      const start = ++at;
      while (at < length && text.charCodeAt(at) >= 48 && text.charCodeAt(at) <= 57) at++;
      if (at === start || at - start > 9) return false;
    }
  }
  const zone = text.charCodeAt(at);
  if (zone === 90) return at === length - 1;
  if (zone !== 43 && zone !== 45) return false;
  return (
    at === length - 6 &&
    within(pair(text, at + 1), 23) &&
    text.charCodeAt(at + 3) === 58 &&
    within(pair(text, at + 4), 59)
  );
}

/** Two digits as a number; negative where they are none. */
function pair(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function within(value: number, most: number): boolean {
  return value >= 0 && value <= most;
}

function bagFault(name: string, bag: unknown): Fault | undefined {
  if (bag === undefined || bag === null) return undefined;
  if (typeof bag !== "object" || Array.isArray(bag))
    return fault(`/${name}`, "wrong-type", `"${name}" is ${show(bag)}`, `send "${name}" as an object`);
  return insideFault(name, bag as Fields);
}

/** Flat maps, the usual case, cost one pass without a stack. */
function insideFault(name: string, bag: Fields): Fault | undefined {
  let stack: object[] | undefined;
  let depths: number[] | undefined;
  let current: object | undefined = bag;
  let depth = 1;
  while (current !== undefined) {
    const list: readonly unknown[] | undefined = Array.isArray(current) ? current : undefined;
    if (list === undefined) {
      for (const key in current) {
        if (key === "__proto__" || key === "constructor" || key === "prototype") {
          if (Object.hasOwn(current, key))
            return fault(
              `/${name}`,
              "forbidden-key",
              `a field of "${name}" is called "${key}"`,
              "give the field another name",
            );
          continue;
        }
        const entry: unknown = (current as Fields)[key];
        if (typeof entry === "object" && entry !== null) push(entry);
      }
    } else {
      for (const entry of list) if (typeof entry === "object" && entry !== null) push(entry);
    }
    if (depth > LIMITS.depth)
      return fault(
        `/${name}`,
        "too-deep",
        `"${name}" is more than ${LIMITS.depth} levels deep`,
        "send flatter values",
      );
    current = stack?.pop();
    depth = depths?.pop() ?? 0;
  }
  return undefined;

  function push(entry: object): void {
    stack ??= [];
    depths ??= [];
    stack.push(entry);
    depths.push(depth + 1);
  }
}

/** Reports order events by session and number, so these must be what they say; the rest of `context` is free. */
function cairnFault(context: unknown): Fault | undefined {
  if (context === undefined || context === null) return undefined;
  const { cairn } = context as Fields;
  if (cairn === undefined) return undefined;
  const path = "/context/cairn";
  if (typeof cairn !== "object" || cairn === null || Array.isArray(cairn))
    return fault(path, "wrong-type", `"cairn" is ${show(cairn)}`, "leave it to the SDK");
  const { session, seq, tab, sdk, run, decidedAt } = cairn as Fields;
  if (typeof session === "string" && typeof tab === "string" && typeof sdk === "string") {
    if (!Number.isInteger(seq) || (seq as number) < 1)
      return fault(`${path}/seq`, "out-of-range", `"seq" is ${show(seq)}`, "count messages from 1");
    if (isTextOrNothing(run) && isTextOrNothing(decidedAt)) return undefined;
  }
  return fault(path, "wrong-type", '"cairn" holds other values than the SDK writes', "leave it to the SDK");
}

function isTextOrNothing(value: unknown): boolean {
  return value === undefined || typeof value === "string";
}

function typeFault(type: unknown): Fault {
  if (type === undefined)
    return fault("", "missing-field", 'a message has no "type"', `add "type": ${either(MESSAGE_TYPES)}`);
  const meant = typeof type === "string" ? nearest(type, MESSAGE_TYPES) : undefined;
  const fix = meant === undefined ? `send ${either(MESSAGE_TYPES)}` : `did you mean "${meant}"?`;
  return fault("/type", "not-allowed-value", `${show(type)} is not a type of message`, fix);
}

function textFault(name: string, value: unknown, most: number): Fault {
  const fix = `send "${name}" as text of 1 to ${most} characters`;
  if (value === undefined || value === null)
    return fault("", "missing-field", `the message has no "${name}"`, fix);
  if (typeof value !== "string") return fault(`/${name}`, "wrong-type", `"${name}" is ${show(value)}`, fix);
  return fault(`/${name}`, "wrong-length", `"${name}" has ${value.length} characters`, fix);
}

function timestampFault(value: unknown): Fault {
  const fix = 'send ISO 8601 with a zone, such as "2026-03-01T09:00:00.000Z"';
  if (value === undefined) return fault("", "missing-field", 'the message has no "timestamp"', fix);
  return fault("/timestamp", "bad-date", `${show(value)} is not a moment in time`, fix);
}

function fault(path: string, code: ProblemCode, message: string, fix: string): Fault {
  return { path, code, message, fix };
}
