import type { Config } from "@cairn/flow-schema";
import { MAX_NAMES } from "../history.ts";

/** Hears each event name of a log; whether no book can have more of them yet than may be remembered. */
export function createNameRoom(config: Config): (name: string) => boolean {
  // What a flow tracks itself is in no line: at most one name wherever the word stands.
  const tracked = JSON.stringify(config).split('"track"').length;
  const names = new Set<string>();
  let last = "";
  return (name) => {
    if (name !== last && names.size < MAX_NAMES) {
      names.add(name);
      last = name;
    }
    return names.size + tracked < MAX_NAMES;
  };
}
