import type { Place } from "./place.ts";

/** One name that an author can write, and what is known about it. */
export interface Name {
  readonly name: string;
  /** One short line beside it: how often it came, what it is called. */
  readonly detail?: string;
  readonly info?: string;
}

/** The names of one environment: what really arrived, and what is defined. */
export interface Vocabulary {
  readonly events: readonly Name[];
  readonly userAttributes: readonly Name[];
  readonly accountAttributes: readonly Name[];
  readonly anchors: readonly Name[];
  readonly pages: readonly Name[];
  readonly features: readonly Name[];
  readonly segments: readonly Name[];
  readonly flows: readonly Name[];
  readonly categories: readonly Name[];
  readonly owners: readonly Name[];
}

export const NO_NAMES: Vocabulary = {
  events: [],
  userAttributes: [],
  accountAttributes: [],
  anchors: [],
  pages: [],
  features: [],
  segments: [],
  flows: [],
  categories: [],
  owners: [],
};

const VALUE_NAMES: { readonly [key: string]: keyof Vocabulary } = {
  event: "events",
  sequence: "events",
  without: "events",
  track: "events",
  anchor: "anchors",
  page: "pages",
  navigate: "pages",
  feature: "features",
  segment: "segments",
  flow: "flows",
  start: "flows",
  category: "categories",
  owner: "owners",
};

/** The names that fit at a place: events after `"event":`, attributes as keys of `"user": {}`, and so on. */
export function namesAt(place: Place, vocabulary: Vocabulary): readonly Name[] {
  const named = place.path.filter((part) => typeof part === "string");
  if (place.kind === "key") {
    const rule = named.findLast((key) => !LOGICAL.has(key));
    if (named.includes("properties")) return [];
    if (rule === "user") return vocabulary.userAttributes;
    if (rule === "account") return vocabulary.accountAttributes;
    return [];
  }
  const key = named.at(-1);
  const kind = key === undefined || !Object.hasOwn(VALUE_NAMES, key) ? undefined : VALUE_NAMES[key];
  // Inside an attribute rule every key is the product's own: {"user": {"page": "x"}} names no page of ours.
  if (kind === undefined || named.slice(0, -1).some((part) => RULES.has(part))) return [];
  return vocabulary[kind];
}

const LOGICAL = new Set(["$and", "$or", "$nor", "$not"]);
const RULES = new Set(["user", "account", "where", "properties"]);
