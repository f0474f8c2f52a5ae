import { describe, expect, it } from "vitest";
import { aConfig, aFlow, createDriver, START } from "./testing.ts";

const config = aConfig([
  aFlow("a", { trigger: { event: "x", atLeast: 3 }, frequency: { atMost: 1, until: "none" } }),
  aFlow("s", { kind: "hotspot", trigger: { sequence: ["o", "f"], within: "1h" } }),
]);
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe("joining what two devices know", () => {
  it("adds up what was done on each", () => {
    const [phone, laptop] = ["phone", "laptop"].map((deviceId) => createDriver({ config, deviceId }));
    if (!phone || !laptop) return;
    phone.track("x");
    phone.track("x");
    laptop.send({ type: "merge", state: copy(phone.state) });
    laptop.send({ type: "merge", state: copy(phone.state) });
    laptop.track("x");
    expect(laptop.screen.has("a")).toBe(true);
  });

  it("does not show again here what was seen there", () => {
    const there = createDriver({ config, deviceId: "there" });
    for (let i = 0; i < 3; i++) there.track("x");
    there.expose("a");
    there.act("a", { kind: "close" });
    const here = createDriver({ config, deviceId: "here", now: START + 60_000 });
    here.send({ type: "merge", state: copy(there.state) });
    for (let i = 0; i < 3; i++) here.track("x");
    expect(here.decisions.at(-1)).toMatchObject({ flow: "a", reason: "frequency", detail: "atMost" });
  });

  it("takes a hint down here that was closed in another tab", () => {
    const one = createDriver({ config });
    for (let i = 0; i < 3; i++) one.track("x");
    const two = createDriver({ config, state: copy(one.state), now: one.now, start: false });
    two.screen.set("a", [...one.screen.values()][0] as never);
    two.act("a", { kind: "close" });
    one.send({ type: "merge", state: copy(two.state) });
    expect(one.screen.size).toBe(0);
    expect(
      one.effects.filter((effect) => effect.type === "record" && effect.event === "cairn.flow.ended"),
    ).toEqual([]);
  });

  it("completes here a sequence that began there", () => {
    const there = createDriver({ config, deviceId: "there" });
    there.track("o");
    const here = createDriver({ config, deviceId: "here", now: START + 60_000 });
    here.send({ type: "merge", state: copy(there.state) });
    here.track("f");
    expect(here.screen.has("s")).toBe(true);
  });

  it("completes a list here whose last item was ticked there, and ends a hint whose goal was reached", () => {
    const both = aConfig([
      aFlow("list", {
        kind: "checklist",
        items: [
          { id: "one", title: "One", done: { event: "o" } },
          { id: "two", title: "Two", done: { event: "f" } },
        ],
      }),
      aFlow("tip", {
        trigger: { event: "x" },
        goal: { reach: { event: "f" } },
        frequency: { until: "goal" },
      }),
    ]);
    const here = createDriver({ config: both, deviceId: "here" });
    here.page("/");
    here.expose("list");
    here.track("x");
    here.expose("tip");
    here.track("o");
    const there = createDriver({ config: both, deviceId: "there", now: START + 60_000 });
    there.track("f");
    here.send({ type: "merge", state: copy(there.state) });
    expect(here.screen.size).toBe(0);
    const ends = here.effects.flatMap((effect) =>
      effect.type === "record" && effect.event === "cairn.flow.ended"
        ? [`${effect.properties.flow} ${effect.properties.reason}`]
        : [],
    );
    expect(ends.sort()).toEqual(["list completed", "tip goal-reached"]);
  });

  it("still wakes for an hour of the day that is to come", () => {
    const time = { hours: ["10:00", "11:00"] };
    const timed = aConfig([aFlow("a", { trigger: { time } })]);
    const here = createDriver({ config: timed });
    const there = createDriver({ config: timed, deviceId: "there" });
    const { wake } = here.state.local;
    expect(wake).toBe(START + 3_600_000);
    here.send({ type: "merge", state: copy(there.state) });
    expect(here.state.local.wake).toBe(wake);
  });

  it("leaves another person's state alone", () => {
    const there = createDriver({ config, deviceId: "there" });
    there.send({ type: "identify", userId: "u" });
    there.track("x");
    const here = createDriver({ config, deviceId: "here" });
    here.send({ type: "identify", userId: "v" });
    here.send({ type: "merge", state: copy(there.state) });
    expect(Object.keys(here.state.shared.books)).toEqual(["here"]);
  });
});
