import type { Condition, Interaction, Json, LeafKey, Target, TargetKey } from "@cairn/flow-schema";
import { parseDuration, targetKey } from "@cairn/flow-schema";
import { own } from "./own.ts";
import { type PageMatch, plainPage } from "./page-match.ts";
import type { EventPlan, Watched } from "./plan.ts";
import type { SequenceSpec } from "./sequence.ts";

/** Kleene's logic: `null` is "not known yet". */
export type Truth = boolean | null;

/** What a leaf of a condition asks, made ready. Which fields are there depends on `op`. */
export interface Leaf {
  readonly op: LeafKey;
  /** As the author wrote it. */
  readonly leaf: Written;
  /** What wakes a trigger that holds this leaf. */
  readonly keys: readonly string[];
  /** Key of what is asked: a history key, a flow, a target. */
  readonly key: string;
  /** `within`, `for`, in ms; -1 = no limit. */
  readonly ms: number;
  /** Not there where it takes the course to read them. */
  readonly pages?: readonly PageMatch[];
  readonly sequence?: SequenceSpec;
  /** The condition behind a segment's name. */
  readonly where?: Condition;
}
type Written = { readonly [key: string]: Json };

export interface Group {
  readonly op: "all" | "any" | "not";
  readonly parts: readonly Condition[];
}

/** What stands behind each object that authors wrote as a condition, or as part of one. */
export type Nodes = ReadonlyMap<Condition, Leaf | Group>;

/** What all conditions together need to be remembered and watched; each prepared condition adds to it. */
export interface Draft {
  readonly nodes: Map<Condition, Leaf | Group>;
  readonly events: Map<string, EventPlan>;
  /** History key → timers that its next event starts, with their delay. */
  readonly timers: Map<string, Map<string, number>>;
  readonly times: Map<string, Leaf>;
  readonly targets: Map<string, Watched & { readonly op: "element" | "signal" | Interaction }>;
  /** Reads a page pattern that is not plain; throws an `Error` where it is none. Only with the course. */
  readonly readPage: ((pattern: string) => PageMatch) | undefined;
  hasFeature(id: string): boolean;
  /** By name; with what wakes it, once that is known, and `null` while it is being found out. */
  readonly segments: ReadonlyMap<
    string,
    { readonly where: Condition; keys?: readonly string[] | null | undefined }
  >;
}

export function planFor({ events }: Pick<Draft, "events">, name: string): EventPlan {
  let plan = events.get(name);
  if (!plan) {
    plan = { key: `e:${name}`, series: new Map(), features: [], sequences: [] };
    events.set(name, plan);
  }
  return plan;
}

export function fail(what: string, value: unknown): never {
  throw new Error(`${what} ${JSON.stringify(value)}`);
}

/** Milliseconds; throws where the value is not a duration. */
export function durationOf(value: unknown, fallback?: number): number {
  return (value === undefined ? fallback : parseDuration(value)) ?? fail("not a duration:", value);
}

const GROUPS = ["all", "any", "not"] as const;

/** Deeper than any author goes; keeps a hostile definition from exhausting the stack. */
const MAX_DEPTH = 32;

/** Makes the leaves of a condition ready, and tells all that wakes it; throws an `Error` where it is no condition. */
export function prepare(raw: Condition, draft: Draft, depth = 0): readonly string[] {
  const { nodes } = draft;
  if (nodes.has(raw)) return listensTo(raw, nodes);
  if (depth > MAX_DEPTH) fail("nested too deep:", raw);
  for (const op of GROUPS) {
    const value = own(raw as unknown as { [op: string]: Condition }, op);
    if (value === undefined) continue;
    const parts = [value].flat();
    const keys = parts.flatMap((part) => prepare(part, draft, depth + 1));
    nodes.set(raw, { op, parts });
    return keys;
  }
  const leaf = raw as unknown as Written;
  const op = (Object.keys(leaf) as LeafKey[]).find((key) => own(PREPARE, key));
  if (!op) return fail("not a condition:", raw);
  const ms = durationOf(leaf.within ?? leaf.for, -1);
  const [key = "", keys = [op], more] = PREPARE[op](leaf[op] ?? null, leaf, draft, op, ms, depth);
  const ready: Leaf = { op, leaf, key, keys, ms, ...more };
  nodes.set(raw, ready);
  if (op === "time") draft.times.set(key, ready);
  return keys;
}

type Prepare = (
  value: Json,
  leaf: Written,
  draft: Draft,
  op: LeafKey,
  ms: number,
  depth: number,
) => readonly [key?: string, keys?: readonly string[], more?: Partial<Leaf>];

const featureKey = (id: Json | undefined, draft: Draft): string =>
  draft.hasFeature(`${id}`) ? `f:${id}` : fail("no feature", id);

const watch = (target: Json, draft: Draft, op: LeafKey): TargetKey => {
  const key = targetKey(target as Target);
  draft.targets.set(`${op}:${key}`, { op: op as Interaction, key, target: target as Target });
  return key;
};

const onTarget: Prepare = (value, _, draft, op) => {
  const key = watch(value, draft, op);
  return [key, [`${op}:${key}`]];
};
const attribute: Prepare = () => [];

const PREPARE: { readonly [op in LeafKey]: Prepare } = {
  event(value, { where, atLeast, atMost, exactly }, draft) {
    const most = Math.max(1, ...[atLeast, atMost, exactly].map((n) => Number(n ?? 0)));
    let key = `e:${value}`;
    if (where !== undefined || most >= 50) {
      const { series } = planFor(draft, `${value}`);
      key = `w:${value}|${JSON.stringify(where)}`;
      // One more than the largest number compared tells "more than that", too.
      series.set(key, { where, keep: Math.max(Math.min(most, 1_000) + 1, series.get(key)?.keep ?? 0) });
    }
    return [key, [key]];
  },
  sequence(value, { without, wait: pause }, draft, _op, within) {
    const names = (value as string[]).map(String);
    const wait = durationOf(pause, 0);
    const key = `s:${JSON.stringify([names, without, within, wait])}`;
    const sequence = { key, names, without, within, wait } as SequenceSpec;
    for (const name of [...names, ...(without === undefined ? [] : [`${without}`])]) {
      const { sequences } = planFor(draft, name);
      if (!sequences.some((one) => one.key === key)) sequences.push(sequence);
    }
    return [key, [`e:${names.at(-1)}`, key], { sequence }];
  },
  inactive(value, _, draft, _op, ms) {
    const { event, feature } = value as Written;
    const key = feature === undefined ? `e:${event}` : featureKey(feature, draft);
    const timer = `i:${ms}${key}`;
    draft.timers.set(key, (draft.timers.get(key) ?? new Map()).set(timer, ms));
    return [key, [timer, "page", "session"]];
  },
  feature(value, _, draft) {
    const key = featureKey(value, draft);
    return [key, [key]];
  },
  flow: (value) => [`${value}`, [`flow:${value}`]],
  segment(value, _, draft, _op, _ms, depth) {
    const segment = draft.segments.get(`${value}`) ?? fail("no segment", value);
    const { where } = segment;
    if (segment.keys === null) fail("contains itself: segment", value);
    let { keys } = segment;
    segment.keys = null;
    try {
      keys ??= prepare(where, draft, depth + 1);
    } finally {
      segment.keys = keys;
    }
    return [`${value}`, keys, { where }];
  },
  user: attribute,
  account: attribute,
  page(value, _, { readPage }) {
    const pages = [value].flat().flatMap((one) => plainPage(`${one}`) ?? readPage?.(`${one}`) ?? []);
    return ["", ["page"], pages.length < [value].flat().length ? {} : { pages }];
  },
  element: onTarget,
  click: onTarget,
  hover: onTarget,
  focus: onTarget,
  input: onTarget,
  signal: (value, { target }, draft, op) => [target ? watch(target, draft, op) : "", [`signal:${value}`]],
  time(value) {
    const texts = Object.values(value as object).flat();
    const timer = texts.every((one) => typeof one === "string")
      ? `t:${JSON.stringify(value)}`
      : fail("no time:", value);
    return [timer, [timer, "page", "session"]];
  },
  device: attribute,
  locale: (value) => [(value as string[]).join()],
};

/** Everything that wakes a trigger with this condition. */
export function listensTo(raw: Condition, nodes: Nodes): readonly string[] {
  const node = nodes.get(raw);
  if (!node) return [];
  return "parts" in node ? node.parts.flatMap((part) => listensTo(part, nodes)) : node.keys;
}
