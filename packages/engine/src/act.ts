import type { Do } from "@cairn/flow-schema";
import { parseDuration } from "@cairn/flow-schema";
import type { HostCall } from "./effect.ts";
import type { HintAct } from "./input.ts";
import { rememberEvent } from "./memory.ts";
import { advance, endRun, finish, goBack } from "./runs.ts";
import { fillText } from "./text.ts";
import { holds } from "./truth.ts";
import { type OpenRun, record, type Turn } from "./turn.ts";
import { currentStep, speaker } from "./view.ts";

/** A person did something in a hint. */
export function act(one: OpenRun, turn: Turn, what: HintAct): void {
  const { run, open, flow } = one;
  if (what.kind === "close") {
    endRun(turn, open, "dismissed");
    return;
  }
  const button =
    what.kind === "button" ? currentStep(one)?.actions?.find(({ id }) => id === what.id) : undefined;
  const item = what.kind === "item" ? flow.items.find(({ id }) => id === what.id) : undefined;
  const found = button || (item && holds(item.lockedUntil, turn) ? item : undefined);
  if (!found?.do) return;
  const place = button ? { step: run.step } : { item: found.id };
  const { source: label } = speaker(turn, flow, open.event).say("label" in found ? found.label : found.title);
  record(turn, "cairn.step.action", { ...place, action: found.id, label }, one);
  // In order; what lies outside the engine's world becomes an effect.
  for (const deed of [found.do].flat() as readonly Do[]) perform(one, turn, deed);
}

function perform(one: OpenRun, turn: Turn, deed: Do): void {
  const { open, flow, id } = one;
  const { local, shared } = turn.state;
  const host = (call: HostCall) => void turn.effects.push({ type: "host", run: id, call });
  if (typeof deed === "string") {
    if (deed === "preferences") host({ kind: deed });
    // A run that an earlier deed has ended cannot be moved any more.
    else if (local.open.includes(open)) {
      if (deed === "next") advance(one, turn);
      else if (deed === "back") goBack(one, turn);
      else if (deed === "done") finish(one, turn);
      // A word that no deed has does nothing.
      else if (deed === "dismiss") endRun(turn, open, "dismissed");
    }
  } else if (typeof deed !== "object" || !deed) return;
  else if ("snooze" in deed) {
    const at = turn.now + (parseDuration(deed.snooze) ?? 0);
    shared.snoozes[flow.id] = Math.max(at, shared.snoozes[flow.id] ?? 0);
    local.asks = local.asks.filter((ask) => ask.flow !== flow.id);
    local.asks.push({ flow: flow.id, how: "trigger", at, event: open.event });
    endRun(turn, open, "snoozed");
  } else if ("link" in deed) host({ kind: "link", url: deed.link });
  else if ("navigate" in deed) turn.effects.push({ type: "navigate", path: deed.navigate, run: id });
  else if ("start" in deed) turn.firings.push({ flow: deed.start, how: "manual" });
  else if ("track" in deed) {
    const { track: event, properties = {} } = deed;
    // At once, so that what comes after it in the list, a route for one, can ask for it.
    turn.event = properties;
    rememberEvent(turn, event, properties);
    host({ kind: "track", event, properties });
  } else if ("copy" in deed)
    host({ kind: "copy", text: fillText(speaker(turn, flow, open.event).say(deed.copy)) });
  else if ("contact" in deed) host({ kind: "contact", who: deed.contact });
}
