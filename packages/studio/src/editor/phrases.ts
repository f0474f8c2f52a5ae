import type { Place } from "./place.ts";

/** A ready-made piece of a flow, in the language service's snippet notation. */
export interface Phrase {
  readonly label: string;
  readonly body: string;
}

const CONDITIONS: readonly Phrase[] = [
  { label: "event, n times within", body: '{ "event": "$1", "atLeast": ${2:3}, "within": "${3:14d}" }' },
  {
    label: "sequence: A then B but not C",
    body: '{ "sequence": ["$1", "$2"], "without": "$3", "within": "${4:30m}", "wait": "${5:2m}" }',
  },
  { label: "feature is untried", body: '{ "feature": "$1", "is": "${2:untried}" }' },
  { label: "inactive for", body: '{ "inactive": { "feature": "$1" }, "for": "${2:14d}" }' },
  { label: "user attribute", body: '{ "user": { "$1": $2 } }' },
  { label: "account attribute", body: '{ "account": { "$1": $2 } }' },
  { label: "page", body: '{ "page": "$1" }' },
  { label: "flow is completed", body: '{ "flow": "$1", "is": "${2:completed}" }' },
  { label: "segment", body: '{ "segment": "$1" }' },
  { label: "all of", body: '{ "all": [$1] }' },
  { label: "any of", body: '{ "any": [$1] }' },
  { label: "not", body: '{ "not": $1 }' },
];

const STEP: Phrase = {
  label: "step",
  body: `{
\t"id": "$1",
\t"target": { "anchor": "$2" },
\t"title": { "en": "$3", "ru": "$4" },
\t"body": { "en": "$5", "ru": "$6" },
\t"actions": [{ "id": "next", "label": { "en": "Next", "ru": "Дальше" }, "do": "next" }]
}`,
};
const ITEM: Phrase = {
  label: "item",
  body: `{
\t"id": "$1",
\t"title": { "en": "$2", "ru": "$3" },
\t"done": { "event": "$4" },
\t"retroactive": true
}`,
};
const ACTION: Phrase = {
  label: "action",
  body: '{ "id": "$1", "label": { "en": "$2", "ru": "$3" }, "do": "${4:done}" }',
};
const TEXT: Phrase = { label: "in English and Russian", body: '{ "en": "$1", "ru": "$2" }' };

const CONDITION_KEYS = new Set([
  "audience",
  "trigger",
  "reach",
  "showWhen",
  "advanceWhen",
  "done",
  "lockedUntil",
  "when",
  "not",
]);
const TEXT_KEYS = new Set(["title", "body", "label"]);

/** The phrases that fit where a value is being written. */
export function phrasesAt(place: Place): readonly Phrase[] {
  if (place.kind !== "value") return [];
  const last = place.path.at(-1);
  const before = place.path.at(-2);
  if (typeof last === "string") {
    if (CONDITION_KEYS.has(last)) return CONDITIONS;
    return TEXT_KEYS.has(last) ? [TEXT] : [];
  }
  switch (before) {
    case "all":
    case "any":
      return CONDITIONS;
    case "steps":
      return [STEP];
    case "items":
      return [ITEM];
    case "actions":
      return [ACTION];
    default:
      return [];
  }
}
