import type { Flow } from "@cairn/flow-schema";
import type { ArrivingEvent, EventFilter, EventRecord, Storage } from "../../src/storage/storage.ts";

/** Gives a fresh, empty store, which is disposed of after the test. */
export type Fresh = () => Promise<Storage>;

export const MONDAY = Date.parse("2026-11-02T00:00:00Z");
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

let made = 0;
export function event(more: Partial<ArrivingEvent> = {}): ArrivingEvent {
  made += 1;
  const at = more.at ?? MONDAY + made;
  return {
    messageId: `m${made}`,
    type: "track",
    name: "report.viewed",
    at,
    receivedAt: at + 5,
    verified: false,
    userId: "u1",
    anonymousId: null,
    accountId: null,
    active: true,
    body: `{"n":${made}}`,
    ...more,
  };
}
export const flow = (id: string, name: string) =>
  ({ schemaVersion: 1, id, kind: "tooltip", name, steps: [] }) as unknown as Flow;

export async function allEvents(storage: Storage, filter: EventFilter = {}, environment = "one") {
  const found: EventRecord[] = [];
  for await (const chunk of storage.events(environment, filter)) found.push(...chunk);
  return found;
}
