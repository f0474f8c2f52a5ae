import type { Flow, Item, Json, Step, Text } from "@cairn/flow-schema";
import { parseShare } from "@cairn/flow-schema";
import type { FlowRules } from "./compiled.ts";
import { durationOf, fail } from "./condition.ts";
import { frequencyRule } from "./frequency.ts";
import { parseMoment } from "./moment.ts";
import { expressionsIn } from "./text.ts";

const DEEDS = ["next", "back", "done", "dismiss", "preferences"];
const NEVER = Number.POSITIVE_INFINITY;

const shareOf = (value: unknown): number => parseShare(value) ?? fail("not a share:", value);

const momentOf = (value: Json | undefined, fallback: number): number =>
  value === undefined ? fallback : (parseMoment(value) ?? fail("not a date:", value));

/** Reads what the gates and the screen need of a flow; throws an `Error` where it is broken. */
export function flowRules(flow: Flow): FlowRules {
  const { kind, schedule, variants = [], priority = 50 } = flow;
  if (flow.holdout) shareOf(flow.holdout.share);
  const steps = kind === "checklist" ? [] : flow.steps;
  const edge = steps[0]?.placement?.startsWith("bottom") ? "bottom" : "top";
  return {
    frequency: frequencyRule(kind, flow.frequency),
    patience: durationOf(flow.patience, 30 * 60_000),
    priority,
    published: momentOf(flow.publishedAt, NEVER),
    from: momentOf(schedule?.from, -NEVER),
    to: Math.min(momentOf(schedule?.to, NEVER), momentOf(flow.expires, NEVER)),
    rollout: shareOf(flow.rollout ?? "100%"),
    targetWait: durationOf(flow.targetWait, 5_000),
    slot:
      kind === "hotspot"
        ? null
        : kind === "checklist"
          ? kind
          : kind === "banner"
            ? `banner:${edge}`
            : "focus",
    texts: [
      ...(flow.title === undefined ? [] : [flow.title]),
      ...[...steps, ...variants.flatMap((arm) => arm.steps ?? [])].flatMap(stepWords),
      ...(kind === "checklist" ? flow.items : []).flatMap(itemWords),
    ].map(checked),
  };
}

function stepWords({ id, title, body, media, actions = [] }: Step): Text[] {
  return [
    ...written(title, body),
    ...(media ? [media.alt ?? fail("no alt in", id)] : []),
    ...actions.flatMap((action) => [action.label ?? fail("no label in", id), ...deedWords(action.do)]),
  ];
}

const itemWords = ({ id, title, body, do: deeds }: Item): Text[] => [
  title ?? fail("no title in", id),
  ...written(body),
  ...deedWords(deeds),
];

const written = (...all: (Text | undefined)[]): Text[] => all.filter((text) => text !== undefined);

function deedWords(deeds: Item["do"]): Text[] {
  return (deeds === undefined ? [] : [deeds].flat()).flatMap((deed) => {
    if (typeof deed === "string") return DEEDS.includes(deed) ? [] : fail("no such deed:", deed);
    return "copy" in deed ? [deed.copy] : [];
  });
}

/** A text whose every language can be read. */
function checked(text: Text): Text {
  for (const one of typeof text === "string" ? [text] : Object.values(text)) expressionsIn(one);
  return text;
}
