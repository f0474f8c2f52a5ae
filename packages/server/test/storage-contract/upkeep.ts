import fc from "fast-check";
import { expect, it } from "vitest";
import { toRecord } from "../../src/ingest/to-record.ts";
import { createMemoryStorage } from "../../src/storage/memory/memory-storage.ts";
import { createScannedReports } from "../../src/storage/scanned-reports.ts";
import type { ArrivingEvent, EventRecord, Storage } from "../../src/storage/storage.ts";
import { QUESTION, readable } from "../readable-report-data.ts";
import { allEvents, DAY, type Fresh, HOUR, MONDAY } from "./fixtures.ts";

const RUNS = process.env.CAIRN_SOAK === "1" ? 60 : 5;
const GO_ON = new AbortController().signal;
const ENTRY = { actor: "key 1", action: "erase", subject: "users", before: null, after: null, note: null };

/** Messages as they come from outside: what the catalog learns of one is in its text. */
const USERS = ["u1", "u2", "u3", undefined];
const ANONYMOUS = ["n1", "n2", "n3", "n4", "u2", undefined];
const what = fc.oneof(
  fc
    .record({
      event: fc.constantFrom("report.viewed", "cairn.step.shown", "cairn.target.missing"),
      properties: fc.record({
        flow: fc.constantFrom("tour", "hint"),
        step: fc.constantFrom("one", "two"),
        plan: fc.constantFrom(1, 2),
      }),
    })
    .map((part) => ({ type: "track", ...part })),
  fc
    .record({ feature: fc.constantFrom("export", "share"), target: fc.constantFrom("go", "stop") })
    .map((properties) => ({ type: "track", event: "cairn.feature.used", properties })),
  fc.constantFrom("/home", "/u1", "/u2").map((path) => ({ type: "page", name: "p", properties: { path } })),
  fc
    .record({ role: fc.constantFrom("admin", "clerk"), seats: fc.integer({ min: 1, max: 9 }) })
    .map((traits) => ({ type: "identify", traits })),
  fc
    .record({ plan: fc.constantFrom("pro", "trial") })
    .map((traits) => ({ type: "group", groupId: "a1", traits })),
);
const message = fc
  .record({
    what,
    userId: fc.constantFrom(...USERS),
    anonymousId: fc.constantFrom(...ANONYMOUS),
    groupId: fc.constantFrom(undefined, undefined, "a1", "a2"),
    at: fc.integer({ min: -20, max: 20 }).map((n) => MONDAY + n * 6 * HOUR),
    seq: fc.integer({ min: 1, max: 3 }),
    id: fc.integer({ min: 0, max: 400 }),
  })
  .filter(({ userId, anonymousId }) => userId !== undefined || anonymousId !== undefined)
  // One of them is never identified.
  .filter(({ userId, anonymousId }) => userId === undefined || anonymousId !== "n4")
  .map(({ what, userId, anonymousId, groupId, at, seq, id }) => ({
    ...what,
    messageId: `m${id}`,
    timestamp: new Date(at).toISOString(),
    ...(userId === undefined ? {} : { userId }),
    ...(anonymousId === undefined ? {} : { anonymousId }),
    context: {
      cairn: { session: "s", tab: "t", sdk: "0.1.0", seq, run: "r1" },
      ...(groupId === undefined ? {} : { groupId }),
    },
  }));
const messages = fc.array(message, { minLength: 20, maxLength: 80, size: "max" });

function arrived(sent: unknown): ArrivingEvent {
  const { record, refusal } = toRecord(sent, { receivedAt: MONDAY, verified: false, newId: () => "x" });
  if (record === undefined) throw new Error(JSON.stringify([refusal, sent]));
  return record;
}

/** Whose a message is, asked anew of all of them. */
function naivePerson(all: readonly EventRecord[], { userId, anonymousId }: EventRecord): string {
  if (userId !== null) return `u ${userId}`;
  const links = all.filter((one) => one.anonymousId === anonymousId && one.userId !== null);
  links.sort((a, b) => a.at - b.at || ((a.userId ?? "") < (b.userId ?? "") ? -1 : 1));
  return links[0] === undefined ? `a ${anonymousId}` : `u ${links[0].userId}`;
}

/** Every answer of a store is what a store says that never had anything else than what is left. */
async function expectOnly(storage: Storage, environment: string, left: readonly ArrivingEvent[]) {
  const naive = createMemoryStorage();
  await naive.append(environment, left);
  expect(await allEvents(storage, {}, environment)).toEqual(await allEvents(naive, {}, environment));
  const scanned = await createScannedReports(naive).reportData(environment, QUESTION);
  expect(readable(await storage.reportData(environment, QUESTION))).toEqual(readable(scanned));
  expect(await storage.eventCounts(environment)).toEqual(await naive.eventCounts(environment));
  const counted = async (from: Storage) =>
    (await from.catalog(environment)).map(({ list, name, count }) => `${list} ${name} ${count}`).sort();
  expect(await counted(storage)).toEqual(await counted(naive));
  // An example is one of those that are left, or none.
  const taught = left.flatMap(({ sightings = [] }) => sightings);
  for (const { list, name, example } of await storage.catalog(environment))
    if (example !== null) expect(taught).toContainEqual(expect.objectContaining({ list, name, example }));
}

/** What takes stored things away again. */
export function describeUpkeep(fresh: Fresh): void {
  it("knows what is a person's, hands it out, and erases just that", async () => {
    const storage = await fresh();
    let [runs, erased, shared, anonymous] = [0, 0, 0, 0];
    await fc.assert(
      fc.asyncProperty(messages, fc.constantFrom("u1", "u2", "n1", "n4"), async (sent, id) => {
        runs += 1;
        const environment = `run ${runs}`;
        for (let i = 0; i < sent.length; i += 15)
          await storage.append(environment, sent.slice(i, i + 15).map(arrived));
        const all = await allEvents(storage, {}, environment);
        const whose = all.map((one) => naivePerson(all, one));
        const isUser = whose.includes(`u ${id}`);
        const own = all.filter((one, i) =>
          isUser
            ? whose[i] === `u ${id}` || (one.anonymousId === id && whose[i] === `a ${id}`)
            : whose[i] === `a ${id}`,
        );
        const person = await storage.person(environment, id);
        if (own.length === 0) {
          expect(person?.ids ?? []).toEqual([]);
          return;
        }
        if (person === undefined) throw new Error(`nobody is known as ${id}`);
        expect(person.userId).toBe(isUser ? id : null);
        const handed: EventRecord[] = [];
        for await (const chunk of storage.shareEvents(environment, person)) handed.push(...chunk);
        expect(handed).toEqual(own);
        await storage.reportData(environment, QUESTION);
        await storage.writeDocument(environment, { collection: "state", id, expected: 0, body: "{}" }, 1);
        const gone = await storage.erase(environment, person, MONDAY, [ENTRY]);
        expect(gone).toEqual({ events: own.length, states: isUser ? 1 : 0 });
        const arrivals = sent.map(arrived).filter(({ messageId }, i, list) => {
          const isFirst = list.findIndex((one) => one.messageId === messageId) === i;
          return isFirst && !own.some((one) => one.messageId === messageId);
        });
        await expectOnly(storage, environment, arrivals);
        expect((await storage.document(environment, "state", id)) === undefined).toBe(isUser);
        expect(await storage.audit(environment, { limit: 9 })).toMatchObject([{ ...ENTRY, at: MONDAY }]);
        // Whoever comes under the same id is somebody new; a message that was erased may come again.
        const late = [own[0], own.at(-1)].flatMap((one, i) =>
          one === undefined
            ? []
            : [arrived({ ...JSON.parse(one.body), messageId: `${one.messageId}${"+".repeat(i)}` })],
        );
        expect((await storage.append(environment, late)).accepted).toBe(2);
        await expectOnly(storage, environment, [...arrivals, ...late]);
        // What was left of the numbers goes, and nothing else.
        await storage.forget(null, GO_ON);
        await expectOnly(storage, environment, [...arrivals, ...late]);
        erased += own.length;
        shared += all.some(
          (one) =>
            one.userId !== null &&
            one.userId !== id &&
            own.some((o) => o.anonymousId !== null && o.anonymousId === one.anonymousId),
        )
          ? 1
          : 0;
        anonymous += isUser ? 0 : 1;
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(runs).toBe(RUNS);
    expect(erased).toBeGreaterThan(RUNS * 3);
    if (RUNS > 20) expect([shared, anonymous].every((n) => n > 0)).toBe(true);
  }, 400_000);

  it("knows what was sent in an account's name, hands it out, and erases just that", async () => {
    const storage = await fresh();
    let [runs, erased, kept, gone] = [0, 0, 0, 0];
    await fc.assert(
      fc.asyncProperty(messages, async (sent) => {
        runs += 1;
        const environment = `run ${runs}`;
        for (let i = 0; i < sent.length; i += 15)
          await storage.append(environment, sent.slice(i, i + 15).map(arrived));
        for (const id of ["u1", "u2", "u3"])
          await storage.writeDocument(environment, { collection: "state", id, expected: 0, body: "{}" }, 1);
        const all = await allEvents(storage, {}, environment);
        const own = all.filter(({ accountId }) => accountId === "a1");
        const account = await storage.account(environment, "a1");
        if (own.length === 0) {
          expect(account).toBeUndefined();
          return;
        }
        if (account === undefined) throw new Error("the account is not known");
        const left = all.filter(({ accountId }) => accountId !== "a1");
        const usersOf = (list: readonly EventRecord[]) =>
          [...new Set(list.flatMap(({ userId }) => userId ?? []))].sort();
        const alone = usersOf(own).filter((id) => !usersOf(left).includes(id));
        expect([account.userIds, account.states]).toEqual([usersOf(own), alone]);
        const handed: EventRecord[] = [];
        for await (const chunk of storage.shareEvents(environment, account)) handed.push(...chunk);
        expect(handed).toEqual(own);
        await storage.reportData(environment, QUESTION);
        expect(await storage.erase(environment, account, MONDAY, [ENTRY])).toEqual({
          events: own.length,
          states: alone.length,
        });
        const arrivals = sent.map(arrived).filter(({ messageId }, i, list) => {
          const isFirst = list.findIndex((one) => one.messageId === messageId) === i;
          return isFirst && !own.some((one) => one.messageId === messageId);
        });
        await expectOnly(storage, environment, arrivals);
        for (const id of ["u1", "u2", "u3"])
          expect((await storage.document(environment, "state", id)) === undefined).toBe(alone.includes(id));
        expect(await storage.audit(environment, { limit: 9 })).toMatchObject([{ ...ENTRY, at: MONDAY }]);
        expect(await storage.account(environment, "a1")).toBeUndefined();
        await storage.forget(null, GO_ON);
        await expectOnly(storage, environment, arrivals);
        erased += own.length;
        kept += left.length;
        gone += alone.length;
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(runs).toBe(RUNS);
    expect([erased, kept].every((n) => n > RUNS * 3)).toBe(true);
    if (RUNS > 20) expect(gone).toBeGreaterThan(0);
  }, 400_000);

  it("takes the state of a user whom only that account's messages name, and of no other", async () => {
    const storage = await fresh();
    const one = (userId: string, groupId: string | undefined, n: number) =>
      arrived({
        type: "track",
        event: "report.viewed",
        userId,
        messageId: `${userId} ${n}`,
        timestamp: new Date(MONDAY + n).toISOString(),
        context: groupId === undefined ? {} : { groupId },
      });
    await storage.append("one", [one("u1", "a1", 1), one("u2", "a1", 2), one("u2", undefined, 3)]);
    // A repeated message teaches nothing, not even that somebody belongs elsewhere.
    await storage.append("one", [{ ...one("u1", "a2", 1) }]);
    for (const id of ["u1", "u2"])
      await storage.writeDocument("one", { collection: "state", id, expected: 0, body: "{}" }, 1);
    expect(await storage.account("one", "a2")).toBeUndefined();
    expect(await storage.account("two", "a1")).toBeUndefined();
    const account = await storage.account("one", "a1");
    expect(account).toMatchObject({ userIds: ["u1", "u2"], states: ["u1"] });
    expect(account?.ids).toHaveLength(2);
    if (account !== undefined)
      expect(await storage.erase("one", account, MONDAY, [])).toEqual({ events: 2, states: 1 });
    expect(await storage.document("one", "state", "u1")).toBeUndefined();
    expect(await storage.document("one", "state", "u2")).toBeDefined();
  });

  it("forgets what happened before a moment, and nothing else, as if it had never been", async () => {
    const storage = await fresh();
    let [runs, forgotten] = [0, 0];
    await fc.assert(
      fc.asyncProperty(messages, fc.integer({ min: -12, max: 12 }), async (sent, edge) => {
        runs += 1;
        const environment = `run ${runs}`;
        const cutoff = MONDAY + edge * 6 * HOUR;
        const stored = async (list: readonly unknown[]) => {
          for (let i = 0; i < list.length; i += 15)
            await storage.append(environment, list.slice(i, i + 15).map(arrived));
        };
        await stored(sent.slice(0, 40));
        await storage.reportData(environment, QUESTION);
        await stored(sent.slice(40));
        for (const [id, at] of [
          ["old", cutoff - 1],
          ["new", cutoff],
        ] as const)
          await storage.writeDocument(environment, { collection: "state", id, expected: 0, body: "{}" }, at);
        const all = await allEvents(storage, {}, environment);
        const left = sent.map(arrived).filter(({ messageId, at }, i, list) => {
          return at >= cutoff && list.findIndex((one) => one.messageId === messageId) === i;
        });
        // Rounded down to the hour.
        const gone = await storage.forget(cutoff + HOUR - 1, GO_ON);
        expect(gone?.events).toBe(all.length - left.length);
        await expectOnly(storage, environment, left);
        expect(await storage.document(environment, "state", "old")).toBeUndefined();
        expect(await storage.document(environment, "state", "new")).toBeDefined();
        // Within the window a message still counts once; and everything goes on.
        expect((await storage.append(environment, left)).accepted).toBe(0);
        const more = sent
          .slice(0, 9)
          .map((one, i) =>
            arrived({ ...one, messageId: `later ${i}`, timestamp: new Date(cutoff + DAY).toISOString() }),
          );
        expect((await storage.append(environment, more)).accepted).toBe(9);
        await expectOnly(storage, environment, [...left, ...more]);
        // Environments of other runs must not be looked at again: they would be forgotten by this run's moment.
        await storage.forget(MONDAY + 99 * DAY, GO_ON);
        await expectOnly(storage, environment, []);
        expect((await storage.reportData(environment, QUESTION)).people.ids.filter(Boolean)).toEqual([]);
        forgotten += all.length - left.length;
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
    expect(runs).toBe(RUNS);
    expect(forgotten).toBeGreaterThan(RUNS * 5);
  }, 400_000);

  it("erases somebody while messages of theirs and of others arrive: none is stored without its person", async () => {
    const storage = await fresh();
    let sent = 0;
    const send = async (userId: string) => {
      const timestamp = new Date(MONDAY + sent * 60_000).toISOString();
      const messageId = `c${++sent}`;
      const one = { type: "track", event: "report.viewed", userId, messageId, timestamp };
      return await storage.append("one", [arrived(one)]);
    };
    for (let i = 0; i < 30; i++) await send("u1");
    let going = true;
    const load = ["u1", "u1", "u2"].map(async (userId) => {
      while (going) await send(userId);
    });
    let erased = 0;
    for (let round = 0; round < 3; round++) {
      for (let i = 0; i < 5; i++) await send("u1");
      const person = await storage.person("one", "u1");
      if (person !== undefined) erased += (await storage.erase("one", person, MONDAY, [])).events;
    }
    going = false;
    await Promise.all(load);
    const left = await allEvents(storage, {}, "one");
    expect(erased).toBeGreaterThanOrEqual(30);
    expect(left).toHaveLength(sent - erased);
    const scanned = await createScannedReports(storage).reportData("one", QUESTION);
    expect(readable(await storage.reportData("one", QUESTION))).toEqual(readable(scanned));
    expect((await storage.eventCounts("one")).map(({ count }) => count)).toEqual([left.length]);
  });
}
