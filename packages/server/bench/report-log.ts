import type { ArrivingEvent } from "../src/storage/storage.ts";

/**
 * A year's quarter of a product with 40,000 people in 1,500 accounts, the same every time: sessions of about twenty
 * events in order of time, sixty event names by Zipf's law, page views, one event in seven recorded by Cairn about
 * twenty flows (a quarter of them about one tour of four steps).
 */
export const PEOPLE = 40_000;
const ACCOUNTS = 1_500;
const NAMES = 60;
const FLOWS = 20;
const DAYS = 90;
export const FROM = Date.parse("2026-08-03T00:00:00Z");
export const TO = FROM + DAYS * 86_400_000;
export const STEPS = ["welcome", "filter", "export", "share"];

/** One session after the other, until there are so many events. */
export function* reportLog(events: number): Generator<ArrivingEvent[]> {
  const random = createRandom(20_261_122);
  const zipf = createZipf(NAMES, random);
  const sessions = Math.ceil(events / 20);
  const known = new Set<number>();
  let made = 0;
  for (let session = 0; made < events; session++) {
    // People come and go: whoever has a high number came late.
    const progress = Math.min(session / sessions, 1);
    const person = Math.floor(PEOPLE * (0.3 + 0.7 * progress) * random() ** 1.6);
    const start = FROM + Math.floor(progress * (TO - FROM - 3_600_000));
    const records: ArrivingEvent[] = [];
    const add = (type: ArrivingEvent["type"], name: string, more: object, run?: string) => {
      made += 1;
      const at = start + records.length * 15_000;
      const messageId = `${at.toString(16).padStart(12, "0")}-7000-8000-${made.toString(16).padStart(12, "0")}`;
      const ids = { anonymousId: `anon-${person}`, userId: `user-${person}` };
      const context = {
        page: { path: "/reports", url: "https://app.example.com/reports" },
        locale: "en-GB",
        timezone: "Europe/Berlin",
        groupId: `account-${person % ACCOUNTS}`,
        app: { version: `4.${Math.floor(progress * 12)}` },
        cairn: { session: `s-${session}`, seq: records.length, tab: "t1", sdk: "0.1.0", run },
      };
      const said = type === "track" ? { event: name } : {};
      const timestamp = new Date(at).toISOString();
      records.push({
        messageId,
        type,
        name: type === "track" ? name : `$${type}`,
        at,
        receivedAt: at + 900,
        verified: false,
        ...ids,
        accountId: context.groupId,
        active:
          type === "page" ||
          (type === "track" && !name.startsWith("cairn.flow") && !name.startsWith("cairn.step")),
        body: JSON.stringify({ type, messageId, timestamp, ...ids, ...said, ...more, context }),
      });
    };
    if (!known.has(person) || random() < 0.05) {
      known.add(person);
      const role = ["admin", "clerk", "viewer"][person % 3];
      add("identify", "", { traits: { role, internal: person % 500 === 0, name: `Person ${person}` } });
      const plan = ["trial", "pro", "team", "enterprise"][(person % ACCOUNTS) % 4];
      add("group", "", { groupId: `account-${person % ACCOUNTS}`, traits: { plan, seats: person % 50 } });
    }
    const length = 10 + Math.floor(random() * 20);
    while (records.length < length) {
      const dice = random();
      if (dice < 0.15) add("page", "", { properties: { path: "/reports" } });
      else if (dice < 0.18) {
        const properties = { feature: "clicked", action: "click", target: "export-button" };
        add("track", "cairn.feature.used", { properties });
      } else if (dice < 0.215) addRun(random, session, add);
      else add("track", `host.${zipf()}`, { properties: { format: "pdf", rows: made % 100 } });
    }
    yield records;
  }
}

type Add = (type: "track", name: string, more: object, run?: string) => void;

/** What one firing of a flow records: held, or shown and seen as far as the person's patience went. */
function addRun(random: () => number, session: number, add: Add): void {
  const flow = random() < 0.25 ? "tour" : `flow-${Math.floor(random() * (FLOWS - 1))}`;
  const run = `run-${session}-${flow}`;
  const about = (name: string, more: object = {}) =>
    add("track", `cairn.${name}`, { properties: { flow, version: 1, ...more } }, run);
  if (random() < 0.4) {
    about("flow.held", { reason: random() < 0.6 ? "budget" : "guard", count: 2 });
    return;
  }
  about("flow.decided", { outcome: "shown", start: "trigger" });
  about("flow.shown", { kind: "tour", start: "trigger" });
  let index = 0;
  for (const step of STEPS) {
    if (index > 0 && random() < 0.25) break;
    about("step.shown", { step, index: index++ });
  }
  about(index === STEPS.length ? "flow.completed" : "flow.dismissed");
}

/** Mulberry32. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function createZipf(names: number, random: () => number): () => number {
  const bounds: number[] = [];
  let sum = 0;
  for (let rank = 1; rank <= names; rank++) {
    sum += 1 / rank;
    bounds.push(sum);
  }
  return () => {
    const wanted = random() * sum;
    return bounds.findIndex((bound) => wanted < bound);
  };
}
