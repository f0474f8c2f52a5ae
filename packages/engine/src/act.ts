import type { Do } from "@cairn/flow-schema";
import { assertNever, parseDuration } from "@cairn/flow-schema";
import type { HintAct } from "./input.ts";
import { advance, endRun, finish, goBack } from "./runs.ts";
import { truth } from "./truth.ts";
import { aboutFlow, type OpenRun, record, type Turn } from "./turn.ts";
import { currentStep, speaker } from "./view.ts";

/** A person did something in a hint. */
export function act(one: OpenRun, turn: Turn, what: HintAct): void {
  const { run, open, flow } = one;
  if (what.kind === "close") {
    endRun(turn, open, "dismissed");
    return;
  }
  const step = currentStep(one);
  const { say } = speaker(turn, flow, open.event);
  if (what.kind === "button") {
    const action = step?.step.actions?.find(({ id }) => id === what.id);
    if (!action) return;
    const about = { ...aboutFlow(flow), step: run.step, action: action.id, label: say(action.label).source };
    record(turn, "cairn.step.action", about, { id: open.run, run });
    perform(one, turn, action.do);
    return;
  }
  const item = flow.flow.kind === "checklist" ? flow.flow.items.find(({ id }) => id === what.id) : undefined;
  const lock = flow.items.find(({ id }) => id === what.id)?.lockedUntil;
  if (!item?.do || (lock && truth(lock, turn) !== true)) return;
  const about = { ...aboutFlow(flow), item: item.id, action: item.id, label: say(item.title).source };
  record(turn, "cairn.step.action", about, { id: open.run, run });
  perform(one, turn, item.do);
}

/** Runs the deeds in order. What lies outside the engine's world becomes an effect. */
function perform(one: OpenRun, turn: Turn, deeds: Do | readonly Do[]): void {
  for (const deed of Array.isArray(deeds) ? deeds : [deeds]) performOne(one, turn, deed);
}

function performOne(one: OpenRun, turn: Turn, deed: Do): void {
  const { open, flow } = one;
  const { state, now } = turn;
  const host = (call: Extract<Turn["effects"][number], { type: "host" }>["call"]) =>
    turn.effects.push({ type: "host", run: open.run, call });
  if (typeof deed === "string") {
    // A run that an earlier deed has ended cannot be moved any more.
    const isOpen = state.local.open.includes(open);
    switch (deed) {
      case "next":
        if (isOpen) advance(one, turn);
        return;
      case "back":
        if (isOpen) goBack(one, turn);
        return;
      case "done":
        if (isOpen) finish(one, turn);
        return;
      case "dismiss":
        endRun(turn, open, "dismissed");
        return;
      case "preferences":
        host({ kind: "preferences" });
        return;
      default:
        assertNever(deed);
    }
  } else if ("snooze" in deed) {
    const at = now + (parseDuration(deed.snooze) ?? 0);
    state.shared.snoozes[flow.id] = Math.max(at, state.shared.snoozes[flow.id] ?? -1);
    state.local.asks = state.local.asks.filter((ask) => ask.flow !== flow.id);
    state.local.asks.push({ flow: flow.id, how: "trigger", at, ...(open.event && { event: open.event }) });
    endRun(turn, open, "snoozed");
  } else if ("link" in deed) host({ kind: "link", url: deed.link });
  else if ("navigate" in deed) turn.effects.push({ type: "navigate", path: deed.navigate, run: open.run });
  else if ("start" in deed) turn.firings.push({ flow: deed.start, how: "manual" });
  else if ("track" in deed) host({ kind: "track", event: deed.track, properties: deed.properties ?? {} });
  else if ("copy" in deed) {
    const { source, values } = speaker(turn, flow, open.event).say(deed.copy);
    host({ kind: "copy", text: source.replace(/\{\{([^{}]*)\}\}/g, (_, key: string) => values[key] ?? "") });
  } else host({ kind: "contact", who: deed.contact });
}
