import { describe, expect, it } from "vitest";
import type { ArrivingEvent } from "./event-store.ts";
import { isStoreUnavailable } from "./store-unavailable.ts";
import { createWaitingRoom } from "./waiting-room.ts";

const records = (count: number, characters: number) =>
  Array.from({ length: count }, () => ({ body: "x".repeat(characters) }) as ArrivingEvent);
const isRefused = (enter: () => unknown) => {
  try {
    enter();
    return false;
  } catch (thrown) {
    return isStoreUnavailable(thrown);
  }
};

describe("createWaitingRoom", () => {
  it("refuses more than 50,000 events, until some have left", () => {
    const room = createWaitingRoom();
    const leave = room.enter(records(50_000, 1));
    expect(isRefused(() => room.enter(records(1, 1)))).toBe(true);
    leave();
    expect(isRefused(() => room.enter(records(1, 1)))).toBe(false);
  });

  it("refuses few events that are large, since it is their size that fills the memory", () => {
    const room = createWaitingRoom();
    const leave = room.enter(records(1_000, 32_000));
    expect(isRefused(() => room.enter(records(1, 1)))).toBe(true);
    leave();
    expect(isRefused(() => room.enter(records(1_000, 32_000)))).toBe(false);
  });

  it("tells how much waits, and that it is full a little before nothing more goes in", () => {
    const told: unknown[] = [];
    const room = createWaitingRoom({ committed() {}, waiting: (...all) => told.push(all) });
    const leave = room.enter(records(45_000, 2));
    room.enter(records(1, 2))();
    leave();
    expect(told).toEqual([
      [45_000, 90_000, false],
      [45_001, 90_002, true],
      [45_000, 90_000, false],
      [0, 0, false],
    ]);
  });
});
