import { RECORDED_EVENTS, RESERVED_PREFIX } from "../event.ts";
import { show } from "../wording.ts";
import type { Flaw } from "./flaw.ts";

const RECORDED: ReadonlySet<string> = /* @__PURE__ */ new Set(RECORDED_EVENTS);

/** A name of the sender's own, or one that the SDK records. */
export function checkEventName(name: string): Flaw | undefined {
  if (!name.startsWith(RESERVED_PREFIX) || RECORDED.has(name)) return undefined;
  return {
    code: "reserved-name",
    message: `${show(name)} begins with "${RESERVED_PREFIX}", which is kept for the SDK`,
    fix: "give the event a name of your own",
  };
}
