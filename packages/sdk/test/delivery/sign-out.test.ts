// @vitest-environment happy-dom
import fc from "fast-check";
import { expect, it } from "vitest";
import { tried } from "../guards/tried.ts";
import { createRandom } from "./random.ts";
import { onceConfig } from "./site-config.ts";
import { createTabWorld, type TabWorld, type WorldTab } from "./tab-world.ts";

/** One browser that several people use: who signs in or out in one tab has done so in all. */
const STORIES = process.env.CAIRN_SOAK ? 1_000 : 12;

const config = onceConfig("pk_test");
for (const flow of config.flows)
  for (const step of (flow as { steps?: { target?: unknown }[] }).steps ?? []) delete step.target;

/** Who is in each tab that is alive, by what it sends. */
async function namesIn(world: TabWorld): Promise<(string | undefined)[]> {
  for (const tab of world.alive()) tab.cairn.track(`who is in ${tab.name}?`);
  await world.run(20_000);
  return world
    .alive()
    .map(
      ({ name }) => [...world.stored.values()].find(({ event }) => event === `who is in ${name}?`)?.userId,
    );
}
/** What is stored of anybody, but for the events that wait to be sent, which are theirs. */
const kept = ({ values, localValues }: TabWorld) =>
  JSON.stringify([...[...values].filter(([key]) => !key.includes("|event|")), ...localValues]);

async function signedIn(world: TabWorld, count: number): Promise<WorldTab[]> {
  const tabs: WorldTab[] = [];
  for (let n = 0; n < count; n++) {
    const tab = world.open();
    tab.cairn.identify("former", { plan: "pro" });
    await world.run(2_000);
    tabs.push(tab);
  }
  return tabs;
}

it("a sign-out in one tab leaves nothing of the person, whatever the other tabs do", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.array(fc.constantFrom("track", "front", "freeze", "none"), { minLength: 2, maxLength: 6 }),
      fc.nat({ max: 600 }),
      async (seed, deeds, pause) => {
        const world = createTabWorld({ config, random: createRandom(seed) });
        const [first, ...others] = await signedIn(world, 4);
        for (const [n, deed] of deeds.entries()) {
          const tab = others[n % others.length];
          if (tab?.state !== "alive") continue;
          if (deed === "track") tab.cairn.track(`of former ${n}`);
          else if (deed === "front") world.toFront(tab);
          else if (deed === "freeze" && tab !== world.front()) await world.freeze(tab);
        }
        await world.run(pause);
        first?.cairn.reset();
        for (const tab of others) if (tab.state === "alive") tab.cairn.track("late");
        await world.run(3_000);
        for (const tab of others) {
          if (tab.state === "frozen") world.thaw(tab);
          world.toFront(tab);
          await world.run(3_000);
        }
        const left = kept(world);
        const names = await namesIn(world);
        world.dispose();
        expect([...names, left.includes("former")]).toEqual([...names.map(() => undefined), false]);
        for (const { warnings, errors } of world.tabs) expect([...warnings, ...errors]).toEqual([]);
        tried(1);
      },
    ),
    { numRuns: STORIES, seed: 5 },
  );
});

it("who has signed in again meanwhile stays", async () => {
  const world = createTabWorld({ config, random: createRandom(1) });
  const [first, second] = (await signedIn(world, 2)) as [WorldTab, WorldTab];
  await world.freeze(second === world.front() ? first : second);
  const [asleep, awake] = first.state === "frozen" ? [first, second] : [second, first];
  awake.cairn.reset();
  await world.run(1_000);
  awake.cairn.identify("former");
  await world.run(1_000);
  world.thaw(asleep);
  world.toFront(asleep);
  await world.run(3_000);
  expect(await namesIn(world)).toEqual(["former", "former"]);
  expect(kept(world)).toContain("former");
  world.dispose();
});

it("a sign-in is followed by the other tabs of the same visitor, with what they know", async () => {
  const world = createTabWorld({ config, random: createRandom(2) });
  const first = world.open();
  await world.run(2_000);
  const second = world.open();
  await world.run(2_000);
  second.cairn.track("seen by the second");
  await world.run(1_000);
  first.cairn.identify("named");
  await world.run(1_000);
  second.cairn.track("after");
  await world.run(2_000);
  expect(await namesIn(world)).toEqual(["named", "named"]);
  expect([...world.values.keys()].filter((key) => key.includes("|state|"))).toEqual([
    "pk_test|state|user|named",
  ]);
  expect(kept(world)).toContain("seen by the second");
  world.dispose();
});

it("a sign-out is known to a tab that was only starting, and nothing is left by one that closes right after", async () => {
  for (let pause = 0; pause < 400; pause += 20) {
    const world = createTabWorld({ config, random: createRandom(pause) });
    const [first, second] = (await signedIn(world, 2)) as [WorldTab, WorldTab];
    const third = world.open();
    await world.run(pause % 100);
    second.cairn.track("unsaved");
    world.toFront(first);
    first.cairn.reset();
    // News takes longer than no time at all.
    await world.run(50 + pause / 10);
    await world.close(second);
    await world.run(8_000);
    // The next page cleans up.
    world.open();
    await world.run(3_000);
    expect(await namesIn(world), `after ${pause}`).toEqual([undefined, undefined, undefined]);
    expect(kept(world), `after ${pause}`).not.toContain("former");
    expect(third.warnings).toEqual([]);
    world.dispose();
  }
});

it("somebody else who signs in without a sign-out is followed, and what is known of the first stays", async () => {
  const world = createTabWorld({ config, random: createRandom(3) });
  const [first, second, asleep] = (await signedIn(world, 3)) as [WorldTab, WorldTab, WorldTab];
  second.cairn.track("of the first");
  world.toFront(first);
  await world.run(1_000);
  await world.freeze(asleep);
  first.cairn.identify("next");
  await world.run(2_000);
  world.thaw(asleep);
  await world.run(2_000);
  expect(await namesIn(world)).toEqual(["next", "next", "next"]);
  expect([...world.values.keys()].filter((key) => key.includes("|state|user|")).sort()).toEqual([
    "pk_test|state|user|former",
    "pk_test|state|user|next",
  ]);
  world.dispose();
});

it("consent that is denied in one tab is denied in all, and nothing is stored from then on", async () => {
  const world = createTabWorld({ config, random: createRandom(4) });
  const [first, second] = (await signedIn(world, 2)) as [WorldTab, WorldTab];
  second.cairn.track("before");
  first.cairn.consent("denied");
  await world.run(2_000);
  second.cairn.track("after");
  await world.run(5_000);
  expect(
    [...world.values.keys()].filter((key) => !key.endsWith("|sender") && !key.endsWith("|word")),
  ).toEqual([]);
  expect([...world.stored.values()].map(({ event }) => event)).not.toContain("after");
  world.dispose();
});

it("two visitors who consent in two tabs are one", async () => {
  const world = createTabWorld({ config, random: createRandom(6), options: { consent: "pending" } });
  const [first, second] = [world.open(), world.open()];
  await world.run(2_000);
  first.cairn.consent("granted");
  await world.run(2_000);
  second.cairn.consent("granted");
  await world.run(2_000);
  expect([...world.values.keys()].filter((key) => key.includes("|state|"))).toHaveLength(1);
  world.dispose();
});
