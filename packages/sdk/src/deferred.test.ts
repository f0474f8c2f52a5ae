import { expect, it } from "vitest";
import type { Cairn } from "./api.ts";
import { deferred } from "./deferred.ts";

/** Answers every call with `what`, and notes it. */
function fake(what: unknown, calls: string[] = []): Cairn {
  const names = ["identify", "track", "explain", "decisions", "on", "hold", "destroy"];
  const answer = (name: string) => () => {
    calls.push(name);
    return what;
  };
  return Object.fromEntries(names.map((name) => [name, answer(name)])) as unknown as Cairn;
}

it("hands calls on in their order once what they are for is there", async () => {
  const calls: string[] = [];
  const cairn = deferred(fake("idle"), Promise.resolve(fake("real", calls)));
  cairn.identify("u1");
  cairn.track("report.viewed");
  expect(calls).toEqual([]);
  expect(await cairn.explain()).toBe("real");
  expect(calls).toEqual(["identify", "track", "explain"]);
});

it("costs the host no rejection where what they are for never comes", async () => {
  const rejected: unknown[] = [];
  const note = (reason: unknown) => rejected.push(reason);
  process.on("unhandledRejection", note);
  const cairn = deferred(fake("idle"), Promise.reject(new Error("no preview")));
  cairn.track("report.viewed");
  cairn.on("flow.shown", () => {});
  cairn.hold();
  expect(await cairn.explain()).toBe("idle");
  await new Promise((done) => setImmediate(done));
  process.off("unhandledRejection", note);
  expect(rejected).toEqual([]);
});
