import type { Condition } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import type { Leaf } from "./condition.ts";
import { compile } from "./full.ts";
import { aConfig, aFlow } from "./testing.ts";
import { nextTurn, timeTruth } from "./time-window.ts";

/** A `time` leaf, made ready as the engine does. */
function leaf(time: Record<string, unknown>): Leaf {
  const audience = { time } as unknown as Condition;
  return compile(aConfig([aFlow("a", { audience })])).nodes.get(audience) as Leaf;
}
const at = (text: string) => Date.parse(`2026-03-${text}Z`);
const turns = (time: Record<string, unknown>, now: string, zone = "UTC") =>
  new Date(nextTurn(leaf(time), at(now), zone)).toISOString().slice(8, 16);

describe("a window of time", () => {
  it("is read in the person's zone where none is written, and in UTC where there is no such zone", () => {
    const morning = leaf({ hours: ["09:00", "10:00"] });
    expect(timeTruth(morning, at("02T09:30"), "UTC")).toBe(true);
    expect(timeTruth(morning, at("02T06:30"), "Europe/Moscow")).toBe(true);
    expect(timeTruth(morning, at("02T09:30"), "Europe/Moscow")).toBe(false);
    expect(timeTruth(morning, at("02T09:30"), "Mars/Olympus_Mons")).toBe(true);
    expect(timeTruth(morning, at("02T06:30"), "Mars/Olympus_Mons")).toBe(false);
  });

  it("knows each day of the week by its name", () => {
    const week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    week.forEach((day, i) => {
      const open = week.filter((_, other) =>
        timeTruth(leaf({ days: [day] }), at(`0${2 + other}T12:00`), "UTC"),
      );
      expect(open).toEqual([week[i]]);
    });
  });

  it("is empty between an hour and itself", () => {
    const none = leaf({ hours: ["09:00", "09:00"] });
    for (const hour of ["08:59", "09:00", "09:01", "23:00"])
      expect(timeTruth(none, at(`02T${hour}`), "UTC")).toBe(false);
  });
});

describe("the next turn of a window", () => {
  it("is its beginning, where that lies ahead and the hours allow it", () => {
    expect(turns({ from: "2026-03-10" }, "02T09:00")).toBe("10T00:00");
    expect(turns({ from: "2026-03-10T12:34:00Z", days: ["tue"] }, "02T12:40")).toBe("10T12:34");
  });

  it("is its end, where that comes first", () => {
    expect(turns({ to: "2026-03-02T12:34:00Z" }, "02T09:00")).toBe("02T12:34");
    expect(turns({ to: "2026-03-02T12:34:00Z", hours: ["08:00", "12:00"] }, "02T09:00")).toBe("02T12:00");
  });

  it("is the first of its hours after its beginning", () => {
    expect(turns({ from: "2026-03-05", hours: ["09:00", "18:00"] }, "02T12:00")).toBe("05T09:00");
    expect(turns({ from: "2026-03-01", hours: ["12:00", "18:00"] }, "02T09:00")).toBe("02T12:00");
    expect(turns({ from: "2026-03-01", days: ["sun", "tue"] }, "02T09:00")).toBe("03T00:00");
  });

  it("is found by day and by night", () => {
    expect(turns({ hours: ["22:00", "10:00"] }, "02T21:00")).toBe("02T22:00");
    expect(turns({ hours: ["10:00", "22:00"] }, "02T09:00")).toBe("02T10:00");
    expect(turns({ hours: ["10:00", "22:00"] }, "02T10:00")).toBe("02T22:00");
    expect(turns({ hours: ["10:00", "22:00"] }, "02T22:00")).toBe("03T10:00");
  });

  it("is found to the minute", () => {
    expect(turns({ hours: ["10:07", "22:00"] }, "02T09:00")).toBe("02T10:07");
    expect(turns({ hours: ["22:00", "10:07"] }, "02T09:00")).toBe("02T10:07");
  });

  it("is looked for up to eight days ahead, and then again", () => {
    expect(turns({ from: "2026-03-10", hours: ["08:45", "18:00"] }, "02T09:00")).toBe("10T08:45");
    expect(turns({ from: "2026-03-10", hours: ["09:15", "18:00"] }, "02T09:00")).toBe("10T09:00");
    expect(turns({ from: "2026-03-01" }, "02T09:00")).toBe("10T09:00");
    expect(turns({ from: "2026-03-02T09:00:00Z" }, "02T09:00")).toBe("10T09:00");
  });
});
