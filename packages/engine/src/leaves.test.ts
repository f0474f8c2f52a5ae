import type { Condition, Config } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import { compileCore } from "./compile.ts";
import type { Parts } from "./compiled.ts";
import { course } from "./course.ts";
import { newTimes } from "./history.ts";
import { stage } from "./stage.ts";
import { aConfig, aFlow, createDriver, START } from "./testing.ts";
import { countLeaf, truth } from "./truth.ts";
import { createState, type State } from "./user-state.ts";

const HOUR = 3_600_000;

/** Asks a condition of a person with that memory; all parts of the engine are there unless said otherwise. */
function ask(
  condition: unknown,
  remember: (state: State) => void = () => {},
  parts: Partial<Parts> = { stage, course },
  features?: Config["features"],
) {
  const audience = condition as Condition;
  const compiled = compileCore(aConfig([aFlow("a", { audience })], features ? { features } : {}), parts);
  expect(compiled.problems).toEqual([]);
  const state = createState({ device: "d", anonymousId: "u", now: START });
  remember(state);
  const asked = {
    compiled,
    state,
    now: START,
    env: { now: START, timezone: "UTC", device: { width: 1280, height: 800, touch: false } },
  };
  const node = compiled.nodes.get(audience);
  return { value: truth(audience, asked), count: node && !("parts" in node) ? countLeaf(node, asked) : null };
}

describe("a name that this device had to forget", () => {
  const forgotAt = (at: number) => (state: State) => {
    state.shared.lost.d = at;
  };

  it("may have been done until then: whether it was ever done is not known", () => {
    expect(ask({ event: "x" }, forgotAt(START - 1)).value).toBe(null);
    expect(ask({ event: "x", atMost: 0 }, forgotAt(START - 1))).toEqual({
      value: null,
      count: { n: 0, exact: false },
    });
    expect(ask({ event: "x" }).value).toBe(false);
  });

  it("is known not to have been done in a window that begins later", () => {
    expect(ask({ event: "x", within: "1h" }, forgotAt(START - HOUR)).value).toBe(false);
    expect(ask({ event: "x", within: "1h" }, forgotAt(START - HOUR + 1)).value).toBe(null);
  });

  it("leaves open whether somebody is inactive", () => {
    const inactive = { inactive: { event: "x" }, for: "1h" };
    expect(ask(inactive).value).toBe(false);
    expect(ask(inactive, forgotAt(START - 1)).value).toBe(null);
  });

  it("is known again once it comes again", () => {
    const again = (state: State) => {
      forgotAt(START - 9)(state);
      state.shared.books.d = {
        "e:x": { n: 1, first: START, last: START, from: START - 9, since: START - 9, at: [START] },
      };
    };
    expect(ask({ event: "x" }, again).value).toBe(true);
    expect(ask({ inactive: { event: "x" }, for: "1h" }, again).value).toBe(false);
  });
});

it("counts all that was ever done, also what lies before the moments that are kept", () => {
  const times = { n: 60, first: START - HOUR, last: START, from: -1, since: START - 1, at: [START] };
  const { value, count } = ask({ event: "x" }, (state) => {
    state.shared.books.d = { "e:x": times };
  });
  expect([value, count]).toEqual([true, { n: 60, exact: true }]);
});

describe("a feature whose clicks nobody counted before", () => {
  const clicks = { uses: [{ click: { anchor: "btn" } }], activated: { count: 2, within: "1d" } };
  const features = [{ id: "f", name: "F", ...clicks }] as unknown as Config["features"];
  const since = (uses: number, done?: number) => (state: State) => {
    const at = Array.from({ length: uses }, () => START - 5);
    const times = { ...newTimes(START - 10), n: uses, first: START - 5, last: START - 5, at };
    state.shared.books.d = { "f:f": done === undefined ? times : { ...times, done } };
  };
  const states = (uses: number, done?: number) =>
    Object.fromEntries(
      ["untried", "tried", "activated", "lapsed"].map((is) => [
        is,
        ask({ feature: "f", is }, since(uses, done), undefined, features).value,
      ]),
    );

  it("is in no known state before its first use", () => {
    expect(states(0)).toEqual({ untried: null, tried: null, activated: null, lapsed: null });
  });

  it("is not untried after it, and may be anything else", () => {
    expect(states(1)).toEqual({ untried: false, tried: null, activated: null, lapsed: null });
  });

  it("is in a known state once it was activated", () => {
    expect(states(2)).toEqual({ untried: false, tried: false, activated: true, lapsed: false });
    expect(states(1, START - 5)).toEqual({ untried: false, tried: false, activated: true, lapsed: false });
  });

  it("leaves open whether somebody is inactive in it, until it is used", () => {
    const inactive = { inactive: { feature: "f" }, for: "1h" };
    expect(ask(inactive, since(0), undefined, features).value).toBe(null);
    expect(ask(inactive, since(1), undefined, features).value).toBe(false);
  });
});

describe("leaves that need the course, while it is not there", () => {
  const early = (condition: unknown, remember?: (state: State) => void) =>
    ask(condition, remember, { stage }).value;
  const saw = (state: State) => {
    state.shared.seen.b = { at: START, held: [] };
  };

  it("know that who has seen nothing has not seen this flow either", () => {
    expect(early({ flow: "b", is: "unseen" })).toBe(true);
    for (const is of ["seen", "active", "completed", "dismissed", "snoozed"])
      expect(early({ flow: "b", is })).toBe(false);
  });

  it("are unknown to those who have seen a flow", () => {
    expect(early({ flow: "b", is: "unseen" }, saw)).toBe(null);
    expect(early({ flow: "b", is: "seen" }, saw)).toBe(null);
  });

  it("are unknown where they ask for the time, an element, or a page in a way that the core cannot read", () => {
    expect(early({ time: { days: ["mon"] } })).toBe(null);
    expect(early({ element: { anchor: "btn" }, is: "present" })).toBe(null);
    const there = (state: State) => {
      state.local.url = "https://app.test/a/b/c";
    };
    expect(ask({ page: "/a{/b}?/c" }, there).value).toBe(true);
    expect(early({ page: "/a{/b}?/c" }, there)).toBe(null);
  });

  it("are unknown where not even the stage is there", () => {
    expect(ask({ locale: ["en"] }).value).toBe(true);
    expect(ask({ locale: ["en"] }, undefined, {}).value).toBe(null);
  });
});

it("remembers that a flow was completed or dismissed after its runs were summed up", () => {
  const sum = (completed: boolean, dismissed: boolean) => (state: State) => {
    state.shared.past.b = { d: { upto: START, exposed: 1, seen: true, completed, dismissed } };
  };
  expect(ask({ flow: "b", is: "completed" }, sum(true, false)).value).toBe(true);
  expect(ask({ flow: "b", is: "completed" }, sum(false, true)).value).toBe(false);
  expect(ask({ flow: "b", is: "dismissed" }, sum(false, true)).value).toBe(true);
  expect(ask({ flow: "b", is: "dismissed" }, sum(true, false)).value).toBe(false);
});

it("keeps a flow to its frequency after its runs were summed up", () => {
  const past = (exposed: number, completed = false, dismissed = false) => {
    const config = aConfig([aFlow("a", { frequency: { atMost: 2, until: "completed" } })]);
    const driver = createDriver({ config });
    driver.state.shared.past.a = { d: { upto: START, exposed, seen: true, completed, dismissed } };
    driver.page("/");
    const { outcome, detail } = driver.decisions[0] ?? {};
    return detail ?? outcome;
  };
  expect(past(1)).toBe("shown");
  expect(past(2)).toBe("atMost");
  expect(past(1, true)).toBe("until");
  expect(past(1, false, true)).toBe("shown");
});
