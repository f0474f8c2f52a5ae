import { describe, expect, it } from "vitest";
import { compileCore } from "../compile.ts";
import { compile } from "../full.ts";
import { aConfig, aFlow, createDriver } from "../testing.ts";
import { serialise } from "../user-state.ts";
import { explain } from "./index.ts";

const config = aConfig(
  [
    aFlow("a", {
      audience: { all: [{ user: { plan: "pro" } }, { not: { segment: "busy" } }] },
      trigger: { event: "x", atLeast: 3, within: "1d" },
      goal: { reach: { feature: "f", is: "activated" } },
      rollout: "50%",
    }),
  ],
  {
    features: [
      { id: "f", name: "F", uses: [{ event: "y" }], activated: { count: 1, within: "1d" } } as never,
    ],
    segments: [{ id: "busy", where: { page: "/busy" } } as never],
  },
);
const env = (now: number) => ({ now, timezone: "UTC", device: { width: 1280, height: 800, touch: false } });

const features = [
  {
    id: "export",
    name: "Export",
    level: "user",
    availableTo: { account: { plan: "pro" } },
    uses: [{ event: "exported" }],
    activated: { count: 1, within: "1d" },
  },
] as never;

describe("explain", () => {
  it("says of each leaf what was needed and what was there", () => {
    const page = createDriver({ config });
    page.send({ type: "identify", userId: "u", traits: { plan: "free", secret: "s" } });
    page.page("/home");
    page.track("x");
    const found = explain(compile(config), page.state, env(page.now), "a");
    expect(found).toEqual({
      flow: "a",
      gate: { reason: "audience" },
      open: false,
      exposures: 0,
      quiet: [],
      trigger: {
        op: "event",
        leaf: { event: "x", atLeast: 3, within: "1d" },
        value: false,
        needed: { atLeast: 3 },
        had: 1,
      },
      audience: {
        op: "all",
        value: false,
        of: [
          {
            op: "user",
            leaf: { user: { plan: "pro" } },
            value: false,
            needed: { plan: "pro" },
            had: { plan: "free" },
          },
          {
            op: "not",
            value: true,
            of: [
              {
                op: "segment",
                leaf: { segment: "busy" },
                value: false,
                needed: "busy",
                had: null,
                of: [
                  {
                    op: "page",
                    leaf: { page: "/busy" },
                    value: false,
                    needed: "/busy",
                    had: "/home",
                  },
                ],
              },
            ],
          },
        ],
      },
      goal: {
        op: "feature",
        leaf: { feature: "f", is: "activated" },
        value: false,
        needed: "activated",
        had: "untried",
      },
    });
  });

  it("leaves no trace in the state", () => {
    const page = createDriver({ config });
    page.send({ type: "identify", userId: "u", traits: { plan: "pro" } });
    page.page("/home");
    const before = serialise(page.state);
    explain(compile(config), page.state, env(page.now + 60_000), "a");
    expect(serialise(page.state)).toBe(before);
  });

  it("says of each leaf what there was so that it cannot be read against its value", () => {
    const is = (state: string) => ({ flow: "tip", is: state });
    const audience = {
      all: [
        { feature: "export", is: "untried" },
        is("unseen"),
        is("seen"),
        is("snoozed"),
        { locale: ["en"] },
      ],
    };
    const config = aConfig([aFlow("a", { audience }), aFlow("tip", { trigger: { event: "go" } })], {
      features,
    });
    const driver = createDriver({ config, userId: "u" });
    driver.send({ type: "group", accountId: "acme", traits: { plan: "free" } });
    const leaves = () => {
      const found = explain(compile(config), driver.state, env(driver.now), "a")?.audience;
      return (found?.of ?? []).map((one) => ("leaf" in one ? `${one.value} ${one.had}` : ""));
    };
    driver.track("go");
    const unseen = "unseen, active";
    expect(leaves()).toEqual([
      "false not available",
      `true ${unseen}`,
      `false ${unseen}`,
      `false ${unseen}`,
      "true en",
    ]);
    driver.expose("tip");
    driver.act("tip", { kind: "close" });
    driver.send({ type: "group", accountId: "acme", traits: { plan: "pro" } });
    const closed = "seen, dismissed";
    expect(leaves()).toEqual([
      "true untried",
      `false ${closed}`,
      `true ${closed}`,
      `false ${closed}`,
      "true en",
    ]);
  });

  it("says who may use a feature", () => {
    const config = aConfig([aFlow("a", { audience: { feature: "export", is: "tried" } })], { features });
    const driver = createDriver({ config, userId: "u" });
    driver.send({ type: "group", accountId: "acme", traits: { plan: "free" } });
    expect(explain(compile(config), driver.state, env(driver.now), "a")?.audience?.of).toMatchObject([
      { value: false, had: { plan: "free" } },
    ]);
  });

  it("knows no flow that is not there", () => {
    const page = createDriver({ config });
    expect(explain(compile(config), page.state, env(page.now), "nope")).toBeUndefined();
  });

  it("says the same while the stage is not loaded", () => {
    const page = createDriver({ config });
    page.send({ type: "identify", userId: "u", traits: { plan: "pro" } });
    page.page("/home");
    const asked = (compiled: ReturnType<typeof compile>) => explain(compiled, page.state, env(page.now), "a");
    expect(asked(compileCore(config))).toEqual(asked(compile(config)));
  });
});
