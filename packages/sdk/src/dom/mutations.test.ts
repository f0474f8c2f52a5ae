// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createFakeClock, type FakeClock } from "../testing.ts";
import { createListen } from "./listen.ts";
import { createMutations, type Mutations } from "./mutations.ts";
import { createTargetObserver, type Sighting } from "./observe-target.ts";

let clock: FakeClock;
let mutations: Mutations;
let cost = 0;
let measured = 0;
/** happy-dom delivers mutation records in a task of its own. */
const delivered = () => new Promise((resolve) => setTimeout(resolve, 0));

beforeEach(() => {
  document.body.innerHTML = "";
  clock = createFakeClock();
  cost = 0;
  mutations = createMutations({
    document,
    clock,
    listen: createListen((fn) => fn()),
    // Every second reading is the end of a look.
    stopwatch: () => (measured++ % 2 === 0 ? 0 : cost),
  });
});
afterEach(() => mutations.dispose());

describe("watching the page", () => {
  it("looks once after a burst of changes, and not at all on a still page", async () => {
    let looks = 0;
    mutations.watch(() => looks++);
    for (let i = 0; i < 100; i++) document.body.append(document.createElement("i"));
    await delivered();
    await clock.advance(50);
    expect(looks).toBe(1);
    await clock.advance(600_000);
    expect(looks).toBe(1);
    expect(clock.pending()).toBe(0);
  });

  it("rests two hundred times as long as a look took, a second at most", async () => {
    cost = 2;
    let looks = 0;
    mutations.watch(() => looks++);
    for (let i = 0; i < 400; i++) {
      mutations.nudge();
      await clock.advance(10);
    }
    // 50 ms before the first look, 400 ms before each of the others.
    expect(looks).toBe(10);
  });

  it("stops listening with its last watcher", async () => {
    let looks = 0;
    const stop = mutations.watch(() => looks++);
    stop();
    document.body.append(document.createElement("i"));
    await delivered();
    await clock.advance(1_000);
    expect(looks).toBe(0);
  });
});

describe("watching targets", () => {
  it("tells at once what is there, then only what has changed", async () => {
    const told: Sighting[][] = [];
    const observer = createTargetObserver({
      roots: () => [document],
      mutations,
      changed: (sightings) => told.push(sightings),
    });
    const button = document.createElement("button");
    button.dataset.cairn = "export";
    // happy-dom has no layout.
    button.getBoundingClientRect = () => new DOMRect(0, 0, 10, 10);
    const first = observer.watch([
      { key: "export", target: { anchor: "export" } },
      { key: "other", target: { anchor: "other" } },
    ]);
    expect(first.map(({ key, found }) => [key, found])).toEqual([
      ["export", false],
      ["other", false],
    ]);

    document.body.append(button);
    await delivered();
    await clock.advance(50);
    expect(told).toEqual([
      [{ key: "export", found: true, rank: 0, present: true, visible: true, enabled: true }],
    ]);

    button.disabled = true;
    await delivered();
    await clock.advance(1_000);
    expect(told[1]?.[0]).toMatchObject({ found: true, enabled: false });

    document.body.append(document.createElement("i"));
    await delivered();
    await clock.advance(1_000);
    expect(told).toHaveLength(2);

    observer.watch([]);
    button.remove();
    await delivered();
    await clock.advance(1_000);
    expect(told).toHaveLength(2);
  });
});
