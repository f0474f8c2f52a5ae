import { parseDate } from "@cairn/flow-schema";

/**
 * How far `sentAt` may lie from its arrival, in milliseconds, without a word about the clock. No request takes longer than
 * this to arrive, so what the network and a queue do moves no times.
 */
export const SKEW_TOLERANCE_MS = 30_000;

/** Milliseconds that a device's clock is ahead of ours; 0 where it is right, `undefined` where `sentAt` is no moment. */
export function skewOf(sentAt: unknown, receivedAt: number): number | undefined {
  const sent = momentIn(sentAt);
  if (sent === undefined) return undefined;
  const skew = sent - receivedAt;
  return Math.abs(skew) > SKEW_TOLERANCE_MS ? skew : 0;
}

type Fields = { readonly [name: string]: unknown };

/**
 * The message by our clock: as long before its arrival as it was before `sentAt` by the device's, and never after it.
 * What the device said is kept as `originalTimestamp`. The message itself where it has no time to mend, or one that
 * will be refused.
 */
export function withoutSkew(message: Fields, skew: number, receivedAt: number): Fields {
  const { timestamp, originalTimestamp } = message;
  if (timestamp !== undefined && momentIn(timestamp) === undefined) return message;
  const said = momentIn(originalTimestamp) === undefined ? timestamp : originalTimestamp;
  const at = momentIn(said);
  if (at === undefined) return message;
  const mend = (moment: number) => Math.min(moment - skew, receivedAt);
  return { ...withTimesInside(message, mend), timestamp: toText(mend(at)), originalTimestamp: said };
}

/** What the SDK tells of times beside the message's own, which reports put in order with it. */
function withTimesInside(message: Fields, mend: (moment: number) => number): Fields {
  const { event, properties, context } = message;
  const cairn = fieldsOf(fieldsOf(context)?.cairn);
  const decidedAt = momentIn(cairn?.decidedAt);
  const held = event === "cairn.flow.held" ? fieldsOf(properties) : undefined;
  return {
    ...message,
    ...(decidedAt === undefined
      ? {}
      : { context: { ...fieldsOf(context), cairn: { ...cairn, decidedAt: toText(mend(decidedAt)) } } }),
    ...(typeof held?.from === "number" && typeof held.to === "number"
      ? { properties: { ...held, from: mend(held.from), to: mend(held.to) } }
      : {}),
  };
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** A moment with its zone; a day alone is none. */
function momentIn(value: unknown): number | undefined {
  return typeof value === "string" && value.includes("T") ? parseDate(value) : undefined;
}

function toText(moment: number): string {
  return new Date(moment).toISOString();
}
