import type { Duration, FlowId, JsonObject, MessageContext, MessageType, Problem } from "@cairn/flow-schema";
import { parseDuration, type SignalName, type Target } from "@cairn/flow-schema";
import { validateMessage } from "@cairn/flow-schema/message";

interface AnyLine {
  /** When it happened, ISO 8601 with zone. */
  readonly timestamp: string;
  readonly anonymousId?: string;
  readonly userId?: string;
  /** Lines with an equal id count once; a line without one is like no other. */
  readonly messageId?: string;
  readonly context?: MessageContext;
  /** Whether the person was known for certain. @default true */
  readonly verified?: boolean;
}

/** A Segment message, as the server's `GET /v1/events` gives it. */
export interface MessageLine extends AnyLine {
  readonly type: MessageType;
  readonly event?: string;
  readonly groupId?: string;
  readonly name?: string;
  readonly properties?: JsonObject | null;
  readonly traits?: JsonObject | null;
}

/** Something the page would have noticed by itself. */
export interface SignalLine extends AnyLine {
  readonly type: "signal";
  readonly name: SignalName;
  readonly for?: Duration;
  readonly depth?: number;
  readonly target?: Target;
}

/**
 * What a person did: to the page (`click hover focus input`, with `target`), or to a flow (`start`, `dismiss`, or the
 * id of one of its actions or items, with `flow`).
 */
export interface UiLine extends AnyLine {
  readonly type: "ui";
  readonly action: string;
  readonly target?: Target;
  readonly flow?: FlowId;
  readonly force?: boolean;
}

/** One line of an event log, parsed. */
export type LogLine = MessageLine | SignalLine | UiLine;

export type LineCheck =
  | { readonly ok: true; readonly value: LogLine }
  | { readonly ok: false; readonly problem: Problem };

type Raw = { readonly [key: string]: unknown };

const SIGNALS = ["idle", "rage-click", "dead-click", "form-error", "exit-intent", "dwell", "scroll"];
export const INTERACTIONS = ["click", "hover", "focus", "input"] as const;

/** Checks one parsed line; the first thing that is wrong with it says what to write instead. Never throws. */
export function checkLine(value: unknown, file = "events"): LineCheck {
  const raw = value as Raw;
  const type = typeof value === "object" && value !== null ? raw.type : undefined;
  if (type === "signal" || type === "ui") {
    // What every line has is checked as for a page view, which asks for nothing more.
    const { timestamp, anonymousId, userId, context } = raw;
    const common = validateMessage(
      { type: "page", messageId: idOf(raw) ?? "-", timestamp, anonymousId, userId, context },
      file,
    );
    if (!common.ok) return common;
    const fault = type === "signal" ? signalFault(raw) : uiFault(raw);
    if (fault) return { ok: false, problem: { file, code: "not-allowed-value", ...fault } };
    return { ok: true, value: value as LogLine };
  }
  const known = type === undefined || idOf(raw) !== undefined;
  const found = validateMessage(known ? value : { ...raw, messageId: "-" }, file);
  if (found.ok) return known ? found : { ok: true, value: raw as unknown as LogLine };
  // Names of a newer SDK are passed over, as all that Cairn itself recorded.
  if (found.problem.code === "reserved-name") return { ok: true, value: raw as unknown as LogLine };
  return found;
}

/** The message id, where there is one: clients that leave it out send nothing, null or "". */
const idOf = ({ messageId }: Raw): unknown =>
  messageId === null || messageId === "" ? undefined : messageId;

type Fault = Pick<Problem, "path" | "message" | "fix">;

function signalFault({ name, for: time, depth, target }: Raw): Fault | undefined {
  if (!SIGNALS.includes(name as string))
    return wrong("name", name, `write one of ${SIGNALS.map((one) => `"${one}"`).join(", ")}`);
  if (time !== undefined && parseDuration(time) === undefined)
    return wrong("for", time, 'write a duration such as "30s"');
  if (depth !== undefined && typeof depth !== "number")
    return wrong("depth", depth, "write a number from 1 to 100");
  return target === undefined || isTarget(target) ? undefined : targetFault(target);
}

function uiFault({ action, target, flow }: Raw): Fault | undefined {
  if (typeof action !== "string" || action === "")
    return wrong(
      "action",
      action,
      'write "click", "hover", "focus", "input", "start", "dismiss" or the id of an action',
    );
  if ((INTERACTIONS as readonly string[]).includes(action))
    return isTarget(target) ? undefined : targetFault(target);
  return typeof flow === "string"
    ? undefined
    : wrong("flow", flow, "write the id of the flow that was acted on");
}

/** Whether it names an element in any of the ways a definition may. */
function isTarget(value: unknown): value is Target {
  if (typeof value !== "object" || value === null) return false;
  const { anchor, fallback, text } = value as Raw;
  return typeof anchor === "string" || Array.isArray(fallback) || typeof text === "string";
}

const targetFault = (value: unknown) => wrong("target", value, 'write {"anchor": "…"}');

const wrong = (name: string, value: unknown, fix: string): Fault => ({
  path: `/${name}`,
  message: value === undefined ? `the line has no "${name}"` : `"${name}" is ${JSON.stringify(value)}`,
  fix,
});
