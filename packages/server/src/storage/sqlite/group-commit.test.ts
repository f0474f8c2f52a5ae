import { describe, expect, it } from "vitest";
import { runGroups } from "./group-commit.ts";
import type { PackedBatch } from "./packed-batch.ts";
import { EVENT_WIDTH } from "./packed-batch.ts";
import type { Writer } from "./writer.ts";
import type { Order, Outcome } from "./writer-protocol.ts";

const append = (count: number): Order => ({
  type: "append",
  batch: {
    environment: "one",
    kinds: [],
    people: [],
    events: Array.from({ length: count * EVENT_WIDTH }, () => 0),
    sightings: [],
    marks: [],
  },
});
const write: Order = { type: "write", write: { statements: [] } };
const eventsIn = (batches: readonly PackedBatch[]) =>
  batches.map(({ events }) => events.length / EVENT_WIDTH);

/** Runs these orders; tells of commits and reports in the order they came. */
function run(orders: readonly Order[], failing: (commit: number) => boolean = () => false) {
  const log: (readonly ["commit" | "report", readonly unknown[]])[] = [];
  let commits = 0;
  const commit = <T>(what: readonly unknown[], result: T): T => {
    log.push(["commit", what]);
    if (failing(++commits)) throw new Error("disk full");
    return result;
  };
  const writer: Writer = {
    append: (batches) => commit(eventsIn(batches), eventsIn(batches)),
    write: () => commit(["write"], true),
    upkeep: () => 0,
  };
  const left = [...orders];
  const closed = runGroups(
    writer,
    () => left.shift(),
    (outcomes: readonly Outcome[]) => log.push(["report", outcomes]),
  );
  return { log, closed, left };
}

describe("runGroups", () => {
  it("commits together what waits together, and answers each for itself after the commit", () => {
    const { log, closed } = run([append(1), append(2), append(3)]);
    expect(log).toEqual([
      ["commit", [1, 2, 3]],
      ["report", [1, 2, 3]],
    ]);
    expect(closed).toBe(false);
  });

  it("bounds one commit, and goes on with the rest", () => {
    const { log } = run(Array.from({ length: 7 }, () => append(900)));
    expect(log.filter(([what]) => what === "commit").map(([, sizes]) => sizes)).toEqual([
      [900, 900, 900],
      [900, 900, 900],
      [900],
    ]);
  });

  it("keeps the order of writes among batches, and answers everything in order", () => {
    const { log } = run([append(1), write, append(2), append(3)]);
    expect(log.filter(([what]) => what === "report").flatMap(([, outcomes]) => outcomes)).toEqual([
      1,
      true,
      2,
      3,
    ]);
    expect(log.filter(([what]) => what === "commit").map(([, what]) => what)).toEqual([
      [1],
      ["write"],
      [2, 3],
    ]);
  });

  it("tells everybody of a commit that failed, and takes what comes after", () => {
    const { log } = run([append(1), append(1), write, append(1)], (commit) => commit < 3);
    const failure = { failure: "disk full" };
    expect(log.filter(([what]) => what === "report").map(([, outcomes]) => outcomes)).toEqual([
      [failure, failure],
      [failure],
      [1],
    ]);
  });

  it("does what was asked before the close, and nothing after it", () => {
    const { log, closed, left } = run([append(4), { type: "close" }, append(5)]);
    expect(closed).toBe(true);
    expect(log).toContainEqual(["report", [4]]);
    expect(left).toHaveLength(1);
  });
});
