import { matchesRule } from "@cairn/engine";
import type { Condition, Feature, Segment } from "@cairn/flow-schema";
import type { Definitions } from "../storage/storage.ts";

/** What an audience may name. */
export interface Named {
  readonly features: readonly Feature[];
  readonly segments: readonly Segment[];
}

export const namedIn = ({ features, segments }: Definitions): Named => ({
  features: features.map(({ body }) => body),
  segments: segments.map(({ body }) => body),
});

/** Deeper than the validator lets a definition be; bounds what is done with a stored one. */
const DEPTH_LIMIT = 64;

/**
 * Whether an audience leaves nobody out: there is none, or it is true of a person about whom nothing is known — no
 * trait, no account, no event, no page. `{"not": {"user": {"nope": 1}}}` is as good as none. When it is asked does not
 * count: everybody at some hour is everybody.
 */
export function isEveryone(audience: Condition | undefined | null, named: Named, now = 0): boolean {
  if (!audience) return true;
  return [true, false].some((time) => isTrueOfNobody(audience, { ...named, time, now }, 0));
}

function isTrueOfNobody(
  condition: Condition,
  known: Named & { readonly time: boolean; readonly now: number },
  depth: number,
): boolean {
  const holds = (part: Condition) => isTrueOfNobody(part, known, depth + 1);
  // What is too deep to be told is held for everybody's, since that asks for more care.
  if (depth > DEPTH_LIMIT) return true;
  if ("all" in condition) return condition.all.every(holds);
  if ("any" in condition) return condition.any.some(holds);
  if ("not" in condition) return !holds(condition.not);
  if ("segment" in condition) {
    const segment = known.segments.find(({ id }) => id === condition.segment);
    return segment !== undefined && holds(segment.where);
  }
  if ("user" in condition) return matchesRule({}, condition.user, known.now);
  if ("account" in condition) return matchesRule({}, condition.account, known.now);
  if ("device" in condition) return matchesRule({}, condition.device, known.now);
  if ("event" in condition) {
    const { exactly, atMost = exactly, atLeast = exactly ?? (atMost === undefined ? 1 : 0) } = condition;
    return atLeast <= 0;
  }
  if ("feature" in condition) {
    const feature = known.features.find(({ id }) => id === condition.feature);
    if (feature === undefined || condition.is !== "untried") return false;
    return !feature.availableTo || holds(feature.availableTo);
  }
  if ("flow" in condition) return condition.is === "unseen";
  if ("time" in condition) return known.time;
  // Where somebody is, what they touch, what they speak, what they stopped doing: of nobody known.
  return false;
}
