import type { Config, Flow } from "@cairn/flow-schema";
import { compile } from "../src/full.ts";
import type { LogLine } from "../src/simulate/index.ts";
import { aConfig, aFlow, START } from "../src/testing.ts";

const NAMES = 60;
const FLOWS = 100;
const PLANS = ["free", "trial", "pro", "team"];
const PAGES = ["/home", "/reports", "/reports/7", "/invoices", "/settings/people", "/search?q=a"];

/** A sequence of numbers in [0, 1) that is the same each time (mulberry32). */
export function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const eventName = (i: number) => `event.${i}`;

/** Places in line by Zipf's law: the first name comes twice as often as the second, and so on. */
function zipf(random: () => number): () => number {
  const sums: number[] = [];
  for (let i = 0, sum = 0; i < NAMES; i++) {
    sum += 1 / (i + 1);
    sums.push(sum);
  }
  const total = sums.at(-1) ?? 1;
  return () => {
    const point = random() * total;
    return sums.findIndex((sum) => point < sum);
  };
}

/**
 * 100 flows over 60 event names, so that two listen to an event on average (`listenersPerEvent` says how many); the
 * budget is on, as by default.
 */
export function referenceConfig(): Config {
  const flows = Array.from({ length: FLOWS }, (_, i): Flow => {
    // The first 42 names have two listeners, the next 16 one.
    const name = eventName(i < 84 ? i % 42 : 42 + (i - 84));
    const reports = { page: ["/reports{/}?", "/reports/:id"] };
    const asksForPage = i % 4 === 3;
    // One event in ten is a page view: what 25 flows listened to would come to four listeners an event.
    const listensToPages = i % 36 === 3;
    const kinds = ["tooltip", "modal", "slideout", "banner", "hotspot"];
    const triggers = [
      { event: name, atLeast: 3, within: "14d" },
      { event: name, within: "7d", where: { size: { $gte: 40 } } },
      { sequence: [eventName((i * 7) % NAMES), name], within: "30m", without: eventName((i * 11) % NAMES) },
      { all: [{ event: name, atLeast: 2 }, ...(listensToPages ? [reports] : [])] },
    ];
    const audiences = [
      { account: { plan: { $in: ["trial", "pro"] } } },
      { all: [{ user: { role: "admin" } }, { not: { event: eventName((i * 13) % NAMES), within: "7d" } }] },
      { any: [{ feature: "export", is: "untried" }, { account: { seats: { $lt: 20 } } }] },
    ];
    const audience = audiences[i % audiences.length];
    return aFlow(`flow-${i}`, {
      kind: kinds[i % kinds.length],
      priority: (i * 37) % 100,
      trigger: triggers[i % triggers.length],
      audience: asksForPage && !listensToPages ? { all: [audience, reports] } : audience,
      frequency: { atMost: 3, gap: "2d", until: "completed" },
      ...(i % 10 === 0 && { holdout: { share: "10%", by: "account" } }),
      ...(i % 4 === 0 && { goal: { reach: { feature: "export", is: "activated" }, within: "14d" } }),
    });
  });
  const feature = {
    id: "export",
    name: "Export",
    level: "user",
    uses: [{ event: eventName(5) }, { event: eventName(30) }],
    activated: { count: 3, within: "14d" },
    lapsed: { after: "30d" },
  };
  return aConfig(flows, { features: [feature] as never, settings: { schemaVersion: 1 } });
}

/** How many flows' triggers an event of the log wakes, on average. */
export function listenersPerEvent(config: Config, lines: readonly LogLine[]): number {
  const { events, triggers } = compile(config);
  let all = 0;
  for (const line of lines) {
    const keys =
      line.type === "track"
        ? [`e:${line.event}`, ...(events.get(`${line.event}`)?.series.keys() ?? [])]
        : [line.type];
    all += new Set(keys.flatMap((key) => [...(triggers.get(key) ?? [])])).size;
  }
  return all / lines.length;
}

export interface ReferenceLogOptions {
  readonly events: number;
  /** Events of one person, on average. @default 100 */
  readonly perPerson?: number;
}

/**
 * The log, line by line, in order of time: sessions of some twenty events, a few seconds to minutes apart; each person
 * signs in, belongs to an account of ten, and looks at a page now and then.
 */
export function* referenceLog({ events, perPerson = 100 }: ReferenceLogOptions): Generator<string> {
  const random = chance(7);
  const pick = zipf(random);
  const people = Math.max(1, Math.round(events / perPerson));
  // As many are there at once as keep up a steady flow; a person's next session is some days away.
  const active = Math.max(1, Math.round(people / 40));
  let written = 0;
  let now = START;
  const sessions: { person: number; left: number }[] = [];
  const met = new Uint8Array(people);
  const line = (person: number, what: string) => {
    const id = (written++).toString(16).padStart(12, "0");
    return `{${what},"messageId":"0195555a-7c11-7000-8000-${id}","timestamp":"${new Date(now).toISOString()}","anonymousId":"anon-${person}","userId":"user-${person}","context":{"page":{"url":"https://app.example.com/home"},"locale":"en-GB","timezone":"Europe/Berlin"},"receivedAt":"${new Date(now + 900).toISOString()}","verified":true}`;
  };
  while (written < events) {
    while (sessions.length < active)
      sessions.push({ person: Math.floor(random() * people), left: 5 + Math.floor(random() * 30) });
    now += 1 + Math.floor((random() * 60_000) / active);
    const at = Math.floor(random() * sessions.length);
    const session = sessions[at];
    if (!session) continue;
    const { person } = session;
    if (--session.left <= 0) sessions.splice(at, 1);
    if (!met[person]) {
      met[person] = 1;
      const role = person % 5 === 0 ? "admin" : "member";
      const account = Math.floor(person / 10);
      yield line(person, `"type":"identify","traits":{"role":"${role}","name":"Person ${person}"}`);
      yield line(
        person,
        `"type":"group","groupId":"account-${account}","traits":{"plan":"${PLANS[account % 4]}","seats":${account % 40}}`,
      );
    } else if (random() < 0.1) {
      const url = `https://app.example.com${PAGES[Math.floor(random() * PAGES.length)]}`;
      yield line(person, `"type":"page","properties":{"url":"${url}"}`);
    } else {
      const name = eventName(pick());
      const size = Math.floor(random() * 100);
      yield line(person, `"type":"track","event":"${name}","properties":{"size":${size},"format":"pdf"}`);
    }
  }
}
