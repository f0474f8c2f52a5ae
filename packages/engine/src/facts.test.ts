import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Facts } from "./facts.ts";
import { addTime, type Book, KEPT_TIMES, newTimes } from "./history.ts";
import { aConfig, aFlow, createDriver, START } from "./testing.ts";

const HOUR = 3_600_000;

/** The server's book of events that happened at these hours after the start. */
function bookOf(events: readonly (readonly [name: string, at: number])[]): Book {
  const book: Book = {};
  for (const [name, at] of events) {
    const key = `e:${name}`;
    book[key] ??= newTimes(-1);
    addTime(book[key], at, KEPT_TIMES);
  }
  return book;
}

const told = (upto: number, user: Book, account: Facts["account"] = null): Facts => ({ upto, user, account });

describe("what the server knows", () => {
  it("fills what this device lacks, and counts nothing twice", () => {
    const event = fc.record({
      hour: fc.integer({ min: 1, max: 200 }),
      name: fc.constantFrom("x", "y"),
      here: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(event, { maxLength: 30, selector: ({ hour }) => hour }),
        fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 300 }),
        (events, tellings, least, hours) => {
          const rule = { event: "x", atLeast: least, within: `${hours}h` };
          const flow = aFlow("a", { kind: "hotspot", trigger: { all: [rule, { event: "look" }] } });
          const here = createDriver({ config: aConfig([flow]) });
          here.send({ type: "identify", userId: "u", verified: true });
          const sorted = [...events].sort((a, b) => a.hour - b.hour);
          const last = Math.max(0, ...tellings);
          for (let hour = 1; hour <= 201; hour++) {
            here.sleep(START + hour * HOUR - here.now);
            for (const one of sorted) if (one.hour === hour && one.here) here.track(one.name);
            if (tellings.includes(hour)) {
              const known = sorted.filter((one) => one.hour <= hour);
              const book = bookOf(known.map((one) => [one.name, START + one.hour * HOUR]));
              here.send({ type: "merge", facts: told(START + hour * HOUR, book) });
            }
          }
          here.track("look");
          // What the server had by the last telling, and what this device has seen since.
          const known = sorted.filter(
            (one) => one.name === "x" && (one.here || one.hour <= last) && one.hour > 201 - hours,
          );
          expect(here.decisions.length > 0).toBe(known.length >= least);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it("lets what a whole account did set off a flow, and nobody unverified", () => {
    const flow = aFlow("a", { trigger: { event: "x", atLeast: 3, by: "account" } });
    for (const verified of [true, false]) {
      const here = createDriver({ config: aConfig([flow]) });
      here.send({ type: "identify", userId: "u", verified });
      here.send({ type: "group", accountId: "acme" });
      here.track("x");
      const book = bookOf([
        ["x", START - 2],
        ["x", START - 1],
      ]);
      here.send({ type: "merge", facts: told(START - 1, {}, { id: "acme", book }) });
      // One was before the telling came, and is later than what it tells.
      expect(here.state.team?.["e:x"]?.n).toBe(3);
      here.wait(1);
      here.track("x");
      expect(here.decisions.map(({ outcome }) => outcome)).toEqual(verified ? ["shown"] : []);
      here.send({ type: "group", accountId: "other" });
      expect(here.state.team).toBeNull();
    }
  });

  it("holds back for the whole account what may come once in it", () => {
    const flow = aFlow("a", { trigger: { event: "x" }, frequency: { per: "account" } });
    const here = createDriver({ config: aConfig([flow]) });
    here.send({ type: "identify", userId: "u", verified: true });
    here.send({ type: "group", accountId: "acme" });
    here.track("x");
    expect(here.decisions.at(-1)).toMatchObject({ reason: "unknown", detail: "frequency" });
    here.send({ type: "merge", facts: told(START, {}, { id: "acme", book: {} }) });
    here.track("x");
    expect(here.decisions.at(-1)).toMatchObject({ outcome: "shown" });
    here.expose("a");
    expect(here.state.team?.["shown:a"]?.n).toBe(1);
    here.act("a", { kind: "close" });

    const colleague = createDriver({ config: aConfig([flow]), deviceId: "colleague", now: here.now });
    colleague.send({ type: "identify", userId: "v", verified: true });
    colleague.send({ type: "group", accountId: "acme" });
    const book = here.state.team as Book;
    colleague.send({ type: "merge", facts: told(here.now, {}, { id: "acme", book }) });
    colleague.track("x");
    expect(colleague.decisions.at(-1)).toMatchObject({ reason: "frequency", detail: "until" });
  });

  it("is not undone by older words, nor by another tab that has not heard them", () => {
    const here = createDriver({ config: aConfig([]) });
    here.send({ type: "identify", userId: "u", verified: true });
    here.track("x");
    const tab = JSON.parse(JSON.stringify(here.state)) as typeof here.state;
    const book = bookOf([["x", START]]);
    here.send({ type: "merge", facts: told(START + 5, book) });
    here.send({ type: "merge", facts: told(START + 4, {}) });
    here.send({ type: "merge", state: tab });
    const counts = Object.values(here.state.shared.books).map((one) => one["e:x"]?.n ?? 0);
    expect(counts.reduce((a, b) => a + b, 0)).toBe(1);
  });
});
