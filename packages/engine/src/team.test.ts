import { describe, expect, it } from "vitest";
import type { HintAct } from "./input.ts";
import { tellTeam, toldTeam } from "./team.ts";
import { aConfig, aFlow, aStep, createDriver, START } from "./testing.ts";
import { createState } from "./user-state.ts";

const button = (id: string) => ({ kind: "button", id }) as unknown as HintAct;
const config = aConfig([
  aFlow("a", {
    trigger: { event: "x" },
    goal: { reach: { event: "reached" } },
    steps: [
      aStep("one", {
        actions: [
          { id: "done", label: "Done", do: "done" },
          { id: "later", label: "Later", do: { snooze: "1d" } },
        ],
      }),
    ],
  }),
]);

/** What an account's book says of the flow after these acts of one of its people. */
function told(...acts: readonly (HintAct | "see" | "reach")[]) {
  const driver = createDriver({ config });
  driver.state.team = {};
  driver.track("x");
  for (const one of acts)
    if (one === "see") driver.expose("a");
    else if (one === "reach") driver.track("reached");
    else driver.act("a", one);
  return Object.keys(driver.state.team ?? {})
    .filter((key) => key.endsWith(":a"))
    .sort();
}

describe("an account's book remembers what became of a flow", () => {
  it("once it was seen", () => {
    expect(told()).toEqual([]);
    expect(told("see")).toEqual(["shown:a"]);
  });

  it("when it was completed, dismissed or snoozed", () => {
    expect(told("see", button("done"))).toEqual(["completed:a", "shown:a"]);
    expect(told("see", { kind: "close" })).toEqual(["dismissed:a", "shown:a"]);
    expect(told("see", button("later"))).toEqual(["shown:a", "snoozed:a"]);
  });

  it("leaves out the snooze of what nobody has seen, for that gives nothing back", () => {
    expect(told(button("later"))).toEqual([]);
    expect(told({ kind: "close" })).toEqual(["dismissed:a"]);
  });

  it("when its goal was reached", () => {
    expect(told("see", "reach")).toEqual(["goal:a", "shown:a"]);
  });
});

describe("an account's book", () => {
  const aPerson = () => createState({ device: "d", anonymousId: "u", now: START });

  it("knows from its beginning how often something happened, and when last", () => {
    const state = aPerson();
    state.team = {};
    tellTeam(state, "shown", "a", START);
    tellTeam(state, "shown", "a", START + 5);
    expect(state.team).toEqual({
      "shown:a": { n: 2, first: START, last: START + 5, from: -1, since: -1, at: [START, START + 5] },
    });
    expect(toldTeam(state, "shown", "a")).toMatchObject({ n: 2, last: START + 5 });
  });

  it("tells of nothing where nothing happened, or where it is not known", () => {
    const state = aPerson();
    tellTeam(state, "shown", "a", START);
    expect(state.team).toBe(null);
    expect(toldTeam(state, "shown", "a")).toEqual({ n: 0, last: -1 });
    state.team = {};
    expect(toldTeam(state, "shown", "a")).toEqual({ n: 0, last: -1 });
  });
});
