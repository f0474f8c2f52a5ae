import { RECORDED_EVENTS } from "@cairn/flow-schema";
import { validateMessage } from "@cairn/flow-schema/message";
import { describe, expect, it } from "vitest";
import { isHeldOut } from "../seed/bucket.ts";
import { ACCOUNTS, createCast, DAYS, USERS } from "../seed/cast.ts";
import { readDefinitions } from "../seed/definitions.ts";
import { SCRIPTS } from "../seed/guide.ts";
import { GUIDANCE_FROM, sampleHistory } from "../seed/history.ts";
import { EVENTS, FLOW_EVENTS } from "../src/events.ts";
import { personOf, ROLES } from "../src/model/person.ts";

const NOW = Date.parse("2026-11-22T10:00:00Z");
const DAY_MS = 86_400_000;
const history = sampleHistory(NOW);

/** Day of the history, from 0. */
function dayOf(timestamp: string): number {
  return DAYS - Math.floor(NOW / DAY_MS) + Math.floor(Date.parse(timestamp) / DAY_MS);
}

describe("sample history", () => {
  it("is the same for the same seed and day, down to the ids", () => {
    expect(JSON.stringify(sampleHistory(NOW + 3 * 3_600_000)) === JSON.stringify(history)).toBe(true);
  });

  it("is another one for another seed", () => {
    const other = sampleHistory(NOW, 8);
    expect(other.length).not.toBe(history.length);
  });

  it("has an id of its own for each message, and for each day", () => {
    expect(new Set(history.map((message) => message.messageId)).size).toBe(history.length);
    const tomorrow = new Set(sampleHistory(NOW + DAY_MS).map((message) => message.messageId));
    expect(history.some((message) => tomorrow.has(message.messageId))).toBe(false);
  });

  it("tells of 400 people in 40 accounts over 90 days that end before today", () => {
    expect(new Set(history.map((message) => message.userId)).size).toBe(USERS);
    expect(new Set(history.map((message) => message.context?.groupId)).size).toBe(ACCOUNTS);
    const today = Math.floor(NOW / DAY_MS);
    const days = new Set(
      history.map((message) => today - Math.floor(Date.parse(message.timestamp) / DAY_MS)),
    );
    expect(days.size).toBe(DAYS);
    expect([Math.min(...days), Math.max(...days)]).toEqual([1, DAYS]);
    expect(history.length).toBeGreaterThan(25_000);
  });

  it("stands in order of time", () => {
    const times = history.map((message) => message.timestamp);
    expect(times).toEqual([...times].sort());
  });

  it("holds only messages that the contract accepts", () => {
    const refused = history.flatMap((message) => {
      const checked = validateMessage(message);
      return checked.ok ? [] : [checked.problem.message];
    });
    expect(refused).toEqual([]);
  });

  it("knows only events that Saldo tracks or Cairn records", () => {
    const known = new Set<string>([...EVENTS, ...FLOW_EVENTS, ...RECORDED_EVENTS]);
    const names = new Set(
      history.flatMap((message) => (message.type === "track" ? [message.event ?? ""] : [])),
    );
    expect([...names].filter((name) => !known.has(name))).toEqual([]);
    expect(names.size).toBeGreaterThanOrEqual(20);
  });

  it("says of each person, account and message that it is sample data", () => {
    const traits = history.filter((message) => message.type === "identify" || message.type === "group");
    expect(traits.length).toBe(2 * USERS);
    expect(traits.every((message) => message.traits?.sample === true)).toBe(true);
    expect(history.every((message) => message.context?.sample === true)).toBe(true);
  });

  it("plays exactly the steps of the flows that exist", () => {
    const flows = readDefinitions().flows as readonly {
      id: string;
      kind: string;
      steps?: { id: string }[];
    }[];
    const written = Object.fromEntries(
      flows.map((flow) => [flow.id, { kind: flow.kind, steps: (flow.steps ?? []).map((step) => step.id) }]),
    );
    const played = Object.fromEntries(
      Object.entries(SCRIPTS).map(([id, script]) => [
        id,
        { kind: script.kind, steps: script.steps.map((step) => step.id) },
      ]),
    );
    expect(played).toEqual(written);
    const shown = new Set(
      history.filter(({ event }) => event === "cairn.flow.shown").map((m) => m.properties?.flow),
    );
    expect(shown.size).toBe(flows.length);
  });

  it("shows nothing before guidance was switched on, and nothing to accounts that are held out", () => {
    const first = Math.floor(NOW / DAY_MS) * DAY_MS - (DAYS - GUIDANCE_FROM) * DAY_MS;
    for (const message of history) {
      if (!message.event?.startsWith("cairn.")) continue;
      expect(Date.parse(message.timestamp)).toBeGreaterThanOrEqual(first);
      const flow = String(message.properties?.flow) as keyof typeof SCRIPTS;
      if (message.event === "cairn.flow.shown" && SCRIPTS[flow].holdout)
        expect(isHeldOut(flow, message.context?.groupId ?? "")).toBe(false);
    }
  });

  it("lets the export be activated far more often once guidance is on", () => {
    const exporters = (from: number, to: number): number =>
      new Set(
        history
          .filter(({ event, timestamp }) => {
            if (event !== "report.exported") return false;
            const day = dayOf(timestamp);
            return day >= from && day < to;
          })
          .map((message) => message.userId),
      ).size;
    expect(exporters(60, 90)).toBeGreaterThan(3 * exporters(0, GUIDANCE_FROM));
  });

  it("has firms that grow and firms that fall silent", () => {
    const cast = createCast(7);
    const perDay = new Map<string, number>();
    for (const { context, timestamp } of history) {
      const key = `${context?.groupId} ${dayOf(timestamp)}`;
      perDay.set(key, (perDay.get(key) ?? 0) + 1);
    }
    const count = (account: string, from: number, to: number): number => {
      let sum = 0;
      for (let day = from; day < to; day++) sum += perDay.get(`${account} ${day}`) ?? 0;
      return sum;
    };
    const silent = cast.filter(({ trend }) => trend === "silent");
    expect(silent.length).toBeGreaterThanOrEqual(2);
    for (const { id } of silent) expect(count(id, 80, 90)).toBeLessThan(0.3 * count(id, 20, 30));
    const growing = cast.filter(({ trend }) => trend === "growing");
    const sum = (from: number, to: number): number =>
      growing.reduce((all, { id }) => all + count(id, from, to), 0);
    expect(sum(80, 90)).toBeGreaterThan(1.5 * sum(0, 10));
  });
});

describe("the people one can be", () => {
  it("belong to accounts that no holdout of the demo withholds hints from", () => {
    for (const kind of ROLES) {
      const { account } = personOf(kind, "someone", NOW);
      for (const flow of readDefinitions().flows) expect(isHeldOut(flow.id, account.id), flow.id).toBe(false);
    }
  });
});
