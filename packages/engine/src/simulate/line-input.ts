import type { Target } from "@cairn/flow-schema";
import { parseDuration, targetKey } from "@cairn/flow-schema";
import type { Compiled } from "../compiled.ts";
import type { Input } from "../input.ts";
import type { Watched } from "../plan.ts";
import { INTERACTIONS, type MessageLine, type SignalLine, type UiLine } from "./log-line.ts";
import type { Person } from "./person.ts";

/** A page view: its address stands in the properties, as Segment's libraries write it, else in the context. */
export function pageOf({ name, properties, context }: MessageLine): Input {
  const { url, path } = properties ?? {};
  const found = [url, context?.page?.url, path, context?.page?.path].find((one) => typeof one === "string");
  return {
    type: "page",
    url: `${found ?? ""}`,
    ...(name !== undefined && { name }),
    ...(properties && { properties }),
  };
}

/** Which of the targets that somebody watches an element is; fallbacks only say how else to find it. */
function hits(target: Target, watched: readonly Watched[]): string[] {
  const key = targetKey(target);
  const like = (other: Target) =>
    target.anchor !== undefined &&
    other.anchor === target.anchor &&
    other.text === target.text &&
    (other.nth ?? 1) === (target.nth ?? 1);
  const found = watched.filter((one) => one.key === key || like(one.target)).map((one) => one.key);
  return [...new Set([key, ...found])];
}

export function signalOf({ name, for: time, depth, target }: SignalLine, { signalTargets }: Compiled): Input {
  const ms = parseDuration(time);
  return {
    type: "signal",
    name,
    ...(ms !== undefined && { for: ms }),
    ...(depth !== undefined && { depth }),
    ...(target && { targets: hits(target, signalTargets) }),
  };
}

/** A line of somebody doing something, to the page or to a hint. */
export function uiOf({ action, target, flow, force }: UiLine, person: Person, compiled: Compiled): Input {
  const touched = INTERACTIONS.find((one) => one === action);
  if (touched && target) {
    const watched = compiled.interactions.filter((one) => one.action === touched);
    return { type: "ui", action: touched, targets: hits(target, watched) };
  }
  if (flow === undefined) return { type: "tick" };
  if (action === "start") return { type: "start", flow, ...(force && { force }) };
  const run = [...person.screen].find(([, one]) => one.flow === flow)?.[0];
  // A hint that is not there cannot be pressed.
  if (run === undefined) return { type: "tick" };
  if (action === "dismiss") return { type: "action", run, act: { kind: "close" } };
  const isItem = compiled.flows.get(flow)?.items.some(({ id }) => id === action);
  return isItem
    ? { type: "action", run, act: { kind: "item", id: action as never } }
    : { type: "action", run, act: { kind: "button", id: action as never } };
}
