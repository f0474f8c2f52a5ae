import type { ArrivingEvent } from "./event-store.ts";
import { NO_METER, type StoreMeter } from "./store-meter.ts";
import { storeUnavailable } from "./store-unavailable.ts";

/** Most events, and characters of their bodies, that may wait for a commit. */
const EVENTS = 50_000;
const CHARACTERS = 32_000_000;
/** From this share on it is called full: there is hardly room for one more batch. */
const FULL = 0.9;

/** How much waits to be stored: beyond its bounds new events are refused, so that memory stays bounded. */
export interface WaitingRoom {
  /** Takes a place for these; throws `storeUnavailable` where there is none. The answer gives it back. */
  enter(records: readonly ArrivingEvent[]): () => void;
}

export function createWaitingRoom(meter: StoreMeter = NO_METER): WaitingRoom {
  let events = 0;
  let characters = 0;
  const tell = () =>
    meter.waiting(events, characters, events > FULL * EVENTS || characters > FULL * CHARACTERS);
  return {
    enter(records) {
      // The answer must not hold the events themselves.
      const count = records.length;
      let size = 0;
      for (const { body } of records) size += body.length;
      if (events + count > EVENTS || characters + size > CHARACTERS)
        throw storeUnavailable("Too many events are waiting.");
      events += count;
      characters += size;
      tell();
      return () => {
        events -= count;
        characters -= size;
        tell();
      };
    },
  };
}
