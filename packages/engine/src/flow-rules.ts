import type { Flow, Item, Json, Step, Text } from "@cairn/flow-schema";
import { parseShare } from "@cairn/flow-schema";
import type { FlowRules } from "./compiled.ts";
import { durationOf, fail } from "./condition.ts";
import { frequencyRule } from "./frequency.ts";
import { parseMoment } from "./moment.ts";
import { expressionsIn } from "./text.ts";

const NEVER = Number.POSITIVE_INFINITY;

const shareOf = (value: unknown): number => parseShare(value) ?? fail("not a share:", value);

const momentOf = (value: Json | undefined, fallback: number): number =>
  (value === undefined ? fallback : parseMoment(value)) ?? fail("not a date:", value);

/** Reads what the gates and the screen need of a flow; throws an `Error` where it is broken. */
export function flowRules(flow: Flow): FlowRules {
  const { kind, schedule, variants = [], priority = 50 } = flow;
  if (flow.holdout) shareOf(flow.holdout.share);
  const isList = kind === "checklist";
  const steps = isList ? [] : flow.steps;
  const edge = steps[0]?.placement?.startsWith("bottom") ? "bottom" : "top";
  const texts = [
    ...written(flow.title),
    ...[...steps, ...variants.flatMap((arm): readonly Step[] => arm.steps ?? [])].flatMap(stepWords),
    ...(isList ? flow.items : []).flatMap(itemWords),
  ];
  texts.forEach(checkReadable);
  return {
    frequency: frequencyRule(kind, flow.frequency),
    patience: durationOf(flow.patience, 30 * 60_000),
    priority,
    published: momentOf(flow.publishedAt, NEVER),
    from: momentOf(schedule?.from, -NEVER),
    to: Math.min(momentOf(schedule?.to, NEVER), momentOf(flow.expires, NEVER)),
    rollout: shareOf(flow.rollout ?? "100%"),
    slot: kind === "hotspot" ? null : isList ? kind : kind === "banner" ? `banner:${edge}` : "focus",
    texts,
  };
}

/** Throws where one of a text's languages is none. */
function checkReadable(text: Text): void {
  for (const one of typeof text === "string" ? [text] : Object.values(text)) expressionsIn(one);
}

const stepWords = ({ title, body, media, actions = [] }: Step): Text[] => [
  ...written(title, body),
  ...(media ? [media.alt] : []),
  ...actions.flatMap((action) => [action.label, ...deedWords(action.do)]),
];

const itemWords = ({ title, body, do: deeds }: Item): Text[] => [
  title,
  ...written(body),
  ...deedWords(deeds),
];

const written = (...all: (Text | undefined)[]): Text[] => all.filter((text) => text !== undefined);

const deedWords = (deeds: Item["do"] = []): Text[] =>
  [deeds].flat().flatMap((deed) => (typeof deed === "object" && "copy" in deed ? [deed.copy] : []));
