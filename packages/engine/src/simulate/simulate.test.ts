import type { Config } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import { aConfig, aFlow, aStep, START } from "../testing.ts";
import type { LogLine } from "./log-line.ts";
import { parseRespond } from "./respond.ts";
import { type SimulateOptions, simulate } from "./simulate.ts";

type Raw = { readonly [key: string]: unknown };

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A line of user "u", so long after the beginning. */
const line = (after: number, raw: Raw): LogLine =>
  ({ timestamp: new Date(START + after).toISOString(), userId: "u", ...raw }) as unknown as LogLine;
const track = (after: number, event: string, more: Raw = {}) =>
  line(after, { type: "track", event, ...more });
const page = (after: number, url: string, more: Raw = {}) =>
  line(after, { type: "page", properties: { url }, ...more });

function play(config: Config, lines: readonly LogLine[], more: Partial<SimulateOptions> = {}) {
  const result = simulate(lines, { config, ...more });
  return {
    ...result,
    said: result.decisions.map(({ at, user, flow, outcome, reason, detail }) =>
      [(Date.parse(at) - START) / SECOND, user, flow, outcome, reason, detail]
        .filter((part) => part !== undefined)
        .join(" "),
    ),
  };
}

const free = (flows: Parameters<typeof aConfig>[0], more: Partial<Config> = {}) =>
  aConfig(flows, { ...more, settings: { budget: null, ...more.settings } });
const onEvent = (id: string, event: string, more: Raw = {}) => aFlow(id, { trigger: { event }, ...more });
const often = { frequency: { atMost: null, until: "none" } };

describe("a replay", () => {
  it("gives one decision per firing, with the moment in ISO 8601 and no reason when shown", () => {
    const { decisions } = play(free([onEvent("a", "go")]), [track(0, "go"), track(2 * SECOND, "go")]);
    expect(decisions).toEqual([
      { at: "2026-03-02T09:00:00.000Z", user: "u", flow: "a", outcome: "shown" },
      {
        at: "2026-03-02T09:00:02.000Z",
        user: "u",
        flow: "a",
        outcome: "held",
        reason: "frequency",
        detail: "atMost",
      },
    ]);
  });

  it("orders decisions by moment, user and flow, whatever the order of the lines", () => {
    const config = free([onEvent("b", "go", often), onEvent("a", "go", { kind: "banner" })]);
    const lines = [
      track(5 * SECOND, "go", { userId: "z" }),
      track(0, "go", { userId: "y" }),
      track(0, "go", { userId: "x" }),
    ];
    expect(play(config, lines).said).toEqual([
      "0 x a shown",
      "0 x b shown",
      "0 y a shown",
      "0 y b shown",
      "5 z a shown",
      "5 z b shown",
    ]);
  });

  it("plays a line that is older than its person's clock at that clock, and counts it", () => {
    const config = free([onEvent("a", "late")]);
    const { said, summary } = play(config, [track(10 * SECOND, "x"), track(0, "late")]);
    expect(said).toEqual(["10 u a shown"]);
    expect(summary.outOfOrder).toBe(1);
    expect(summary.from).toBe("2026-03-02T09:00:00.000Z");
    expect(summary.to).toBe("2026-03-02T09:00:10.000Z");
  });

  it("does not count a line that is older than somebody else's", () => {
    const { summary } = play(free([]), [track(10 * SECOND, "x"), track(0, "x", { userId: "v" })]);
    expect(summary).toMatchObject({ outOfOrder: 0, users: 2, events: 2 });
  });

  const waits = aFlow("a", {
    trigger: { sequence: ["open", "filter"], within: "30m", wait: "2m", without: "export" },
  });

  it("runs due wakes before the person's next line, at their own moment", () => {
    const lines = [track(0, "open"), track(SECOND, "filter"), track(10 * MINUTE, "export")];
    expect(play(free([waits]), lines).said).toEqual(["121 u a shown"]);
  });

  it("runs due wakes at the end up to the last moment of the whole log, inclusive", () => {
    const before = [track(0, "open"), track(SECOND, "filter")];
    const other = (after: number) => track(after, "x", { userId: "v" });
    expect(play(free([waits]), before).said).toEqual([]);
    expect(play(free([waits]), [...before, other(120 * SECOND)]).said).toEqual([]);
    expect(play(free([waits]), [...before, other(121 * SECOND)]).said).toEqual(["121 u a shown"]);
  });

  it("says once when the outcome of a waiting flow changes, and when its patience ends", () => {
    const config = free([
      onEvent("first", "go", { priority: 90 }),
      onEvent("second", "go", { patience: "1m" }),
      onEvent("third", "go", { patience: "10m" }),
    ]);
    expect(play(config, [track(0, "go"), track(5 * MINUTE, "x")]).said).toEqual([
      "0 u first shown",
      "0 u second held outranked first",
      "0 u third held outranked first",
      "60 u second held expired outranked",
    ]);
  });

  it("passes over what Cairn recorded, but for uses of features", () => {
    const feature = {
      id: "export",
      name: "Export",
      level: "user",
      uses: [{ click: { anchor: "e" } }],
      activated: { count: 1, within: "14d" },
    };
    const config = free([aFlow("a", { trigger: { feature: "export", is: "activated" } })], {
      features: [feature] as never,
    });
    const { said, summary } = play(config, [
      track(0, "x"),
      track(SECOND, "cairn.flow.shown", { properties: { flow: "a" } }),
      track(HOUR, "cairn.flow.dismissed", { properties: { flow: "a" } }),
      track(2 * SECOND, "cairn.feature.used", { properties: { feature: "export" } }),
      track(3 * SECOND, "cairn.flow.shown", { userId: "w", properties: { flow: "a" } }),
    ]);
    expect(said).toEqual(["2 u a shown"]);
    expect(summary).toMatchObject({ events: 5, users: 2, outOfOrder: 0 });
  });

  it("counts equal message ids once", () => {
    const config = free([aFlow("a", { trigger: { event: "go", atLeast: 2 } })]);
    const twice = [track(0, "go", { messageId: "m" }), track(SECOND, "go", { messageId: "m" })];
    expect(play(config, twice).said).toEqual([]);
    expect(play(config, [...twice, track(2 * SECOND, "go", { messageId: "n" })]).said).toEqual([
      "2 u a shown",
    ]);
    expect(play(config, [track(0, "go"), track(0, "go")]).said).toEqual(["0 u a shown"]);
  });

  it("gives an empty summary for an empty log", () => {
    expect(simulate([], { config: free([onEvent("a", "go")]) })).toEqual({
      decisions: [],
      summary: {
        flows: { a: { users: 0, shown: 0, withheld: 0, heldByReason: {} } },
        interruptionsPerUserWeek: { p50: 0, p95: 0, max: 0 },
        events: 0,
        users: 0,
        outOfOrder: 0,
        from: null,
        to: null,
      },
    });
  });
});

describe("people in a replay", () => {
  it("takes a line with a user id for a restored person", () => {
    const config = free([onEvent("a", "go", { audience: { not: { user: { plan: "x" } } } })]);
    expect(play(config, [track(0, "go")]).said).toEqual(["0 u a shown"]);
    const nobody = play(config, [track(0, "go", { userId: undefined, anonymousId: "n" })]);
    expect(nobody.said).toEqual(['0 n a held unknown {"user":{"plan":"x"}}']);
  });

  it("goes on with the history of somebody who was anonymous", () => {
    const config = free([aFlow("a", { trigger: { event: "go", atLeast: 2 } })]);
    const anonymous = { userId: undefined, anonymousId: "n" };
    const { said, summary } = play(config, [
      track(0, "go", anonymous),
      line(SECOND, { type: "identify", anonymousId: "n" }),
      // The anonymous id is theirs from now on.
      track(2 * SECOND, "go", anonymous),
    ]);
    expect(said).toEqual(["2 u a shown"]);
    expect(summary.users).toBe(1);
  });

  it("joins what an anonymous visitor did with what the user is known for", () => {
    const config = free([aFlow("a", { trigger: { event: "go", atLeast: 3 } })]);
    const { said, summary } = play(config, [
      track(0, "go"),
      track(SECOND, "go", { userId: undefined, anonymousId: "n" }),
      line(2 * SECOND, { type: "identify", anonymousId: "n" }),
      track(3 * SECOND, "go"),
    ]);
    expect(said).toEqual(["3 u a shown"]);
    expect(summary.users).toBe(1);
  });

  it("takes everyone for verified unless the line says otherwise", () => {
    const config = free([onEvent("a", "go", { audience: { event: "go", atLeast: 1, by: "account" } })]);
    const group = line(0, { type: "group", groupId: "acme" });
    expect(play(config, [group, track(SECOND, "go")]).said).toEqual(["1 u a shown"]);
    expect(play(config, [group, track(SECOND, "go", { verified: false })]).said).toEqual([
      '1 u a held unknown {"event":"go","atLeast":1,"by":"account"}',
    ]);
  });

  it("counts an account's events over all its people", () => {
    const config = free([aFlow("a", { trigger: { event: "go", atLeast: 3, by: "account" } })]);
    const join = (userId: string) => line(0, { type: "group", groupId: "acme", userId });
    expect(
      play(config, [
        join("u"),
        join("v"),
        track(SECOND, "go", { userId: "v" }),
        track(2 * SECOND, "go", { userId: "v" }),
        track(3 * SECOND, "go"),
      ]).said,
    ).toEqual(["3 u a shown"]);
  });

  it("keeps a flow to its frequency over all people of an account, as far as they had come at that moment", () => {
    const perAccount = (more: Raw) =>
      free([onEvent("a", "go", { frequency: { until: "none", ...more, per: "account" } })]);
    const people = ["u", "v", "w", "x"].map((userId, i) =>
      track(i * MINUTE, "go", { userId, context: { groupId: "acme" } }),
    );
    expect(play(perAccount({ atMost: 2 }), people).said).toEqual([
      "0 u a shown",
      "60 v a shown",
      "120 w a held frequency atMost",
      "180 x a held frequency atMost",
    ]);
    expect(play(perAccount({ atMost: null, gap: "2m" }), people).said).toEqual([
      "0 u a shown",
      "60 v a held frequency gap",
      "120 w a shown",
      "180 x a held frequency gap",
    ]);
    const dismissed = perAccount({ atMost: null, until: "dismissed" });
    expect(play(dismissed, people, { respond: "dismiss" }).said).toEqual([
      "0 u a shown",
      "60 v a held frequency until",
      "120 w a held frequency until",
      "180 x a held frequency until",
    ]);
    expect(play(perAccount({ atMost: 2 }), people, { against: dismissed.flows }).changes).toEqual({
      gain: [],
      lose: [
        { user: "w", flow: "a" },
        { user: "x", flow: "a" },
      ],
      interruptions: { before: 4, after: 2 },
    });
  });

  it("lets an account's people share its traits from the moment they are known", () => {
    const config = free([onEvent("a", "go", { ...often, audience: { account: { plan: "pro" } } })]);
    const member = { context: { groupId: "acme" } };
    expect(
      play(config, [
        track(0, "go", member),
        line(SECOND, { type: "group", groupId: "acme", userId: "v", traits: { plan: "pro" } }),
        line(2 * SECOND, { type: "group", groupId: "acme", userId: "v", traits: { seats: 4 } }),
        track(3 * SECOND, "go", member),
      ]).said,
    ).toEqual(["0 u a held audience", "3 u a shown"]);
  });

  it("wakes people by account traits as they were at the moment of the wake", () => {
    const config = free([
      aFlow("a", {
        trigger: { sequence: ["open", "filter"], within: "30m", wait: "2m" },
        audience: { account: { plan: "pro" } },
      }),
    ]);
    const member = { context: { groupId: "acme" } };
    const plan = (after: number, name: string) =>
      line(after, { type: "group", groupId: "acme", userId: "v", traits: { plan: name } });
    expect(
      play(config, [
        plan(0, "pro"),
        track(SECOND, "open", member),
        track(2 * SECOND, "filter", member),
        plan(5 * MINUTE, "free"),
        track(6 * MINUTE, "x", member),
      ]).said,
    ).toEqual(["122 u a shown"]);
  });

  it("knows the page from page lines, and before the first from other lines", () => {
    const config = free([onEvent("a", "go", { ...often, audience: { page: "/reports" } })]);
    const at = (url: string) => ({ context: { page: { url } } });
    expect(
      play(config, [
        track(0, "go"),
        track(SECOND, "go", at("https://app.example.com/reports")),
        page(2 * SECOND, "https://app.example.com/home"),
        track(3 * SECOND, "go", at("https://app.example.com/reports")),
      ]).said,
    ).toEqual(['0 u a held unknown {"page":"/reports"}', "1 u a shown", "3 u a held audience"]);
  });

  it("takes the time zone and the language from context", () => {
    const config = free([
      onEvent("morning", "go", { ...often, audience: { time: { hours: ["09:00", "10:00"] } } }),
      onEvent("russian", "go", { ...often, kind: "banner", audience: { locale: ["ru"] } }),
    ]);
    expect(
      play(config, [
        track(0, "go"),
        track(SECOND, "go", { userId: "v", context: { timezone: "Europe/Moscow", locale: "ru-RU" } }),
      ]).said,
    ).toEqual([
      "0 u morning shown",
      "0 u russian held audience",
      "1 v morning held audience",
      "1 v russian shown",
    ]);
  });
});

describe("what people do with a hint", () => {
  const chain = free([onEvent("a", "go"), onEvent("b", "go", { priority: 10 })]);

  it("is seen after one second", () => {
    const config = free([
      onEvent("a", "go"),
      aFlow("b", { kind: "banner", trigger: { event: "x" }, audience: { flow: "a", is: "seen" } }),
    ]);
    const at = (after: number) => play(config, [track(0, "go"), track(after, "x")]).said.at(-1);
    expect(at(999)).toBe("0.999 u b held audience");
    expect(at(SECOND)).toBe("1 u b shown");
  });

  it("ignored, it ends at the next page", () => {
    const lines = [track(0, "go"), track(MINUTE, "x"), page(2 * MINUTE, "/home"), track(3 * MINUTE, "x")];
    expect(play(chain, lines).said).toEqual(["0 u a shown", "0 u b held outranked a", "120 u b shown"]);
  });

  it("ignored, it leaves its slot to the page's own hints in one contest", () => {
    const config = free([...chain.flows, aFlow("c", { trigger: { page: "/home" }, priority: 99 })]);
    expect(play(config, [track(0, "go"), page(MINUTE, "/home")]).said.slice(1)).toEqual([
      // It waits for the same reason as before, so that is not said again.
      "0 u b held outranked a",
      "60 u c shown",
    ]);
  });

  it("ignored, it ends with the session", () => {
    const config = free([onEvent("a", "go"), onEvent("b", "x")]);
    expect(play(config, [track(0, "go"), track(31 * MINUTE, "x")]).said).toEqual([
      "0 u a shown",
      "1860 u b shown",
    ]);
    expect(play(config, [track(0, "go"), track(29 * MINUTE, "x")]).said.at(-1)).toBe(
      "1740 u b held outranked a",
    );
  });

  it("dismissed, it ends after five seconds", () => {
    expect(play(chain, [track(0, "go"), track(MINUTE, "x")], { respond: "dismiss" }).said).toEqual([
      "0 u a shown",
      "0 u b held outranked a",
      "5 u b shown",
    ]);
  });

  it("completed, it takes five seconds a step", () => {
    const config = free([
      onEvent("a", "go", {
        kind: "tour",
        steps: [aStep("one"), aStep("two", { target: "x" }), aStep("three")],
      }),
      onEvent("b", "go", { priority: 10 }),
      aFlow("c", { trigger: { flow: "a", is: "completed" }, kind: "banner" }),
    ]);
    expect(play(config, [track(0, "go"), track(MINUTE, "x")], { respond: "complete" }).said).toEqual([
      "0 u a shown",
      "0 u b held outranked a",
      "15 u b shown",
      "15 u c shown",
    ]);
  });

  it("completed, a checklist takes five seconds an item", () => {
    const item = (id: string) => ({ id, title: id, done: { event: `never-${id}` } });
    const config = free([
      onEvent("list", "go", { kind: "checklist", items: [item("one"), item("two")] }),
      aFlow("c", { trigger: { flow: "list", is: "completed" } }),
    ]);
    const { said } = play(config, [track(0, "go"), track(MINUTE, "go")], { respond: "complete" });
    expect(said).toEqual(["0 u list shown", "10 u c shown", "60 u list held frequency until"]);
  });

  it("by chance, a third each way, the same way each time", () => {
    const config = free([
      onEvent("a", "go"),
      aFlow("completed", { trigger: { flow: "a", is: "completed" } }),
      aFlow("dismissed", { trigger: { flow: "a", is: "dismissed" } }),
    ]);
    const lines = Array.from({ length: 900 }, (_, i) => [
      track(0, "go", { userId: `u${i}` }),
      track(MINUTE, "x", { userId: `u${i}` }),
    ]).flat();
    const once = play(config, lines, { respond: { random: "7" } });
    for (const flow of ["completed", "dismissed"]) {
      expect(once.summary.flows[flow]?.shown).toBeGreaterThan(240);
      expect(once.summary.flows[flow]?.shown).toBeLessThan(360);
    }
    expect(play(config, lines, { respond: { random: "7" } })).toEqual(once);
    expect(play(config, lines, { respond: { random: "8" } }).said).not.toEqual(once.said);
  });

  it("reads how to respond", () => {
    expect(parseRespond("ignore")).toBe("ignore");
    expect(parseRespond("random:42")).toEqual({ random: "42" });
    for (const wrong of ["", "random", "random:", "Ignore", "click"])
      expect(parseRespond(wrong)).toBeUndefined();
  });
});

describe("the page of a replay", () => {
  it("has all targets and elements, or none", () => {
    const config = free([
      onEvent("a", "go", { steps: [aStep("one", { target: "button" })] }),
      onEvent("b", "go", {
        kind: "banner",
        audience: { element: { anchor: "menu" }, is: "visible" },
      }),
    ]);
    expect(play(config, [track(0, "go")]).said).toEqual(["0 u a shown", "0 u b shown"]);
    expect(play(config, [track(0, "go")], { targets: "absent" }).said).toEqual([
      "0 u a held target-missing button",
      "0 u b held audience",
    ]);
  });

  it("hears clicks on anchors, and signals", () => {
    const config = free([
      aFlow("a", { trigger: { click: { anchor: "export", fallback: ["#export"] } } }),
      aFlow("b", { kind: "banner", trigger: { signal: "idle", for: "30s" } }),
      aFlow("c", { kind: "hotspot", trigger: { signal: "rage-click", target: { anchor: "save" } } }),
    ]);
    expect(
      play(config, [
        line(0, { type: "ui", action: "click", target: { anchor: "other" } }),
        line(SECOND, { type: "ui", action: "click", target: { anchor: "export" } }),
        line(2 * SECOND, { type: "signal", name: "idle", for: "29s" }),
        line(3 * SECOND, { type: "signal", name: "idle", for: "30s" }),
        line(4 * SECOND, { type: "signal", name: "rage-click", target: { anchor: "open" } }),
        line(5 * SECOND, { type: "signal", name: "rage-click", target: { anchor: "save" } }),
      ]).said,
    ).toEqual(["1 u a shown", "3 u b shown", "5 u c shown"]);
  });

  it("starts, dismisses and acts on flows as the log says", () => {
    const config = free([
      aFlow("a", {
        trigger: { event: "never" },
        steps: [aStep("one", { actions: [{ id: "later", label: "Later", do: { snooze: "1h" } }] })],
      }),
      aFlow("b", { trigger: { flow: "a", is: "snoozed" }, kind: "banner" }),
    ]);
    const ui = (after: number, action: string, more: Raw = {}) =>
      line(after, { type: "ui", action, flow: "a", ...more });
    expect(
      play(config, [
        ui(0, "start"),
        ui(2 * SECOND, "later"),
        ui(3 * SECOND, "start"),
        ui(4 * SECOND, "dismiss"),
      ]).said,
    ).toEqual([
      "0 u a shown",
      "2 u b shown",
      "3 u a shown",
      // Seen and ended: each time the flow that listens to it is asked.
      "3 u b held frequency session",
      "4 u b held frequency session",
      "4 u b held frequency session",
    ]);
  });

  it("does nothing for a press on a hint that is not there", () => {
    const { said } = play(free([onEvent("a", "go")]), [
      line(0, { type: "ui", action: "dismiss", flow: "a" }),
      track(SECOND, "go"),
    ]);
    expect(said).toEqual(["1 u a shown"]);
  });
});

describe("the summary", () => {
  it("counts persons, outcomes and reasons by flow", () => {
    const config = free([
      onEvent("a", "go", { holdout: { share: "50%", by: "user" } }),
      onEvent("b", "never"),
    ]);
    const lines = Array.from({ length: 40 }, (_, i) => track(i * SECOND, "go", { userId: `u${i}` }));
    const { summary, decisions } = play(config, [...lines, track(50 * SECOND, "go", { userId: "u0" })]);
    const count = (outcome: string) => decisions.filter((one) => one.outcome === outcome).length;
    expect(summary.flows).toEqual({
      a: { users: 40, shown: count("shown"), withheld: count("withheld"), heldByReason: { frequency: 1 } },
      b: { users: 0, shown: 0, withheld: 0, heldByReason: {} },
    });
    expect(count("shown") + count("withheld")).toBe(40);
  });

  it("counts interruptions per person and week from Monday, weeks without any included", () => {
    const config = free([onEvent("a", "go", often), onEvent("spot", "go", { kind: "hotspot", ...often })]);
    const busy = [0, 1, 2].flatMap((i) => [track(i * HOUR, "go"), page(i * HOUR + MINUTE, "/")]);
    const next = track(7 * DAY, "x");
    const others = ["v", "w"].map((userId) => track(0, "x", { userId }));
    const { summary } = play(config, [...busy, ...others, next]);
    expect(summary.interruptionsPerUserWeek).toEqual({ p50: 0, p95: 3, max: 3 });
  });
});

describe("excluded people", () => {
  it("are guided, and in no summary and no change", () => {
    const config = free([onEvent("a", "go")], {
      settings: { exclude: { user: { internal: true } } } as never,
    });
    const lines = [
      line(0, { type: "identify", traits: { internal: true } }),
      track(SECOND, "go"),
      track(2 * SECOND, "go", { userId: "v" }),
    ];
    const { said, summary, changes } = play(config, lines, { against: [] });
    expect(said).toEqual(["1 u a shown", "2 v a shown"]);
    expect(summary).toMatchObject({
      flows: { a: { users: 1, shown: 1 } },
      users: 1,
      events: 3,
      interruptionsPerUserWeek: { p50: 1, p95: 1, max: 1 },
    });
    expect(changes?.gain).toEqual([{ user: "v", flow: "a" }]);
    expect(changes?.interruptions).toEqual({ before: 0, after: 1 });
  });
});

describe("a change", () => {
  it("says who gains a hint and who loses one, and how often people are interrupted", () => {
    const old = [onEvent("a", "go"), onEvent("gone", "x")];
    const config = free([onEvent("a", "go"), onEvent("new", "y")]);
    const { changes } = play(
      config,
      [
        track(0, "go"),
        track(SECOND, "x", { userId: "v" }),
        track(2 * SECOND, "y", { userId: "w" }),
        page(3 * SECOND, "/", { userId: "w" }),
        track(4 * SECOND, "y", { userId: "w" }),
      ],
      { against: old },
    );
    expect(changes).toEqual({
      gain: [{ user: "w", flow: "new" }],
      lose: [{ user: "v", flow: "gone" }],
      interruptions: { before: 2, after: 2 },
    });
  });
});
