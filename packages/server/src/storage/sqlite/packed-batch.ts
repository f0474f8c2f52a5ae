import { markOf, type ReportMark } from "../guidance-mark.ts";
import type { ArrivingEvent, EnvironmentId, EventRecord, Sighting } from "../storage.ts";

/** What an event is, apart from whom it is about and when. */
export type Kind = Pick<EventRecord, "name" | "type" | "active" | "verified">;
export type Person = Pick<EventRecord, "userId" | "anonymousId" | "accountId">;

const TYPES: readonly EventRecord["type"][] = ["track", "identify", "group", "page"];

/** The events of one request, as they cross to the writer's thread: few lists, since every object is copied key by key. */
export interface PackedBatch {
  readonly environment: EnvironmentId;
  /** {@link KIND_WIDTH} values for each kind: name, {@link variantOf}. */
  readonly kinds: readonly (string | number)[];
  /** {@link PERSON_WIDTH} values for each person: user, anonymous, account; `""` stands for no id. */
  readonly people: readonly string[];
  /** {@link EVENT_WIDTH} values for each event: message id, number of its kind, of its person, at, received at, body. */
  readonly events: readonly (string | number)[];
  /** Of the events that have any: number of the event, its sightings. */
  readonly sightings: readonly (readonly [event: number, sightings: readonly Sighting[]])[];
  /** {@link MARK_WIDTH} values for each event that reports know more of; see {@link toMark}. */
  readonly marks: readonly (string | number)[];
}

export const KIND_WIDTH = 2;
export const PERSON_WIDTH = 3;
export const EVENT_WIDTH = 6;
export const MARK_WIDTH = 7;
const RECORDED = "cairn.";

/** A kind's type and flags as one small number. */
function variantOf({ type, active, verified }: Kind): number {
  return TYPES.indexOf(type) * 4 + (active ? 2 : 0) + (verified ? 1 : 0);
}

export function typeOf(variant: number): EventRecord["type"] {
  return TYPES[variant >> 2] ?? "track";
}
export const isActive = (variant: number) => (variant & 2) !== 0;
export const isVerified = (variant: number) => (variant & 1) !== 0;

export function packBatch(environment: EnvironmentId, records: readonly ArrivingEvent[]): PackedBatch {
  const kinds: (string | number)[] = [];
  const people: string[] = [];
  const events: (string | number)[] = [];
  const sightings: (readonly [number, readonly Sighting[]])[] = [];
  const marks: (string | number)[] = [];
  const kindNumbers = new Map<string, number>();
  let latest: Person | undefined;
  for (let i = 0; i < records.length; i++) {
    const record = records[i] as ArrivingEvent;
    const { messageId, name, at, receivedAt, userId, anonymousId, accountId, body } = record;
    const variant = variantOf(record);
    // A batch rarely has one name in two variants; where it has, the kind is listed twice, and that does no harm.
    let kind = kindNumbers.get(name);
    if (kind === undefined || kinds[kind * KIND_WIDTH + 1] !== variant) {
      kind = kinds.length / KIND_WIDTH;
      kinds.push(name, variant);
      kindNumbers.set(name, kind);
    }
    // A batch is mostly one person's.
    if (
      latest === undefined ||
      latest.userId !== userId ||
      latest.anonymousId !== anonymousId ||
      latest.accountId !== accountId
    ) {
      people.push(userId ?? "", anonymousId ?? "", accountId ?? "");
      latest = record;
    }
    events.push(messageId, kind, people.length / PERSON_WIDTH - 1, at, receivedAt, body);
    if (record.sightings !== undefined && record.sightings.length > 0) sightings.push([i, record.sightings]);
    if (record.type === "track" && name.startsWith(RECORDED)) {
      const mark = record.mark ?? markOf(name, JSON.parse(body));
      if (mark !== undefined) pushMark(marks, i, mark);
    }
  }
  return { environment, kinds, people, events, sightings, marks };
}

function pushMark(marks: (string | number)[], event: number, mark: ReportMark): void {
  if (mark.list === "feature") marks.push(event, mark.subject, -1, 0, 0, 0, "");
  else marks.push(event, mark.subject, mark.code, mark.seq, mark.run, mark.times, mark.word);
}

/** The mark that begins at this place. */
export function toMark(marks: readonly (string | number)[], at: number): ReportMark {
  const [subject, code, seq, run, times, word] = marks.slice(at + 1, at + MARK_WIDTH) as [
    string,
    number,
    number,
    number,
    number,
    string,
  ];
  return code < 0 ? { list: "feature", subject } : { list: "flow", subject, code, seq, run, times, word };
}
