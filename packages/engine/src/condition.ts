import type { Condition, Interaction, Json, LeafKey, Target, TargetKey } from "@cairn/flow-schema";
import { LEAF_KEYS, parseDuration, targetKey } from "@cairn/flow-schema";
import type { EventPlan, SegmentMap, Watched } from "./plan.ts";
import type { SequenceSpec } from "./sequence.ts";
import { compilePattern, type PagePattern } from "./url-match.ts";

/** Kleene's logic: `null` is "not known yet". */
export type Truth = boolean | null;

export interface GroupNode {
  readonly op: "all" | "any" | "not";
  readonly of: readonly Node[];
}

/** A leaf, ready to be asked. Which fields are there depends on `op`. */
export interface LeafNode {
  readonly op: LeafKey;
  /** As the author wrote it. */
  readonly leaf: { readonly [key: string]: Json };
  /** What wakes a trigger that holds this leaf. */
  readonly keys: readonly string[];
  /** Key of what is asked: a history key, a flow, a target. */
  readonly key: string;
  /** `within`, `for`, in ms; -1 = no limit. */
  readonly ms: number;
  readonly account: boolean;
  readonly pages?: readonly PagePattern[];
  readonly sequence?: SequenceSpec;
  readonly of?: readonly Node[];
}
export type Node = GroupNode | LeafNode;

/** What all conditions together need to be remembered and watched; each compiled condition adds to it. */
export interface Draft {
  readonly events: Map<string, EventPlan>;
  /** History key → timers that its next event starts, with their delay. */
  readonly timers: Map<string, Map<string, number>>;
  readonly times: Map<string, LeafNode>;
  readonly targets: Map<string, Watched & { readonly op: "element" | "signal" | Interaction }>;
  readonly features: { has(id: string): boolean };
  readonly segments: SegmentMap;
}

export function planFor({ events }: Pick<Draft, "events">, name: string): EventPlan {
  let plan = events.get(name);
  if (!plan) {
    plan = { series: new Map(), features: [], sequences: [] };
    events.set(name, plan);
  }
  return plan;
}

export function fail(what: string, value: unknown): never {
  throw new Error(`${what} ${JSON.stringify(value)}`);
}

/** Milliseconds; throws where the value is not a duration. */
export function durationOf(value: unknown, fallback?: number): number {
  if (value === undefined && fallback !== undefined) return fallback;
  return parseDuration(value) ?? fail("not a duration:", value);
}

/** Deeper than any author goes; keeps a hostile definition from exhausting the stack. */
const MAX_DEPTH = 32;

/** Prepares a condition; throws an `Error` where it is none. */
export function compileCondition(condition: Condition, draft: Draft, depth = 0): Node {
  const raw = condition as unknown as LeafNode["leaf"];
  for (const op of ["all", "any", "not"] as const)
    if (Object.hasOwn(raw, op)) {
      if (depth > MAX_DEPTH) fail("nested too deep:", op);
      const parts = (op === "not" ? [raw.not] : raw[op]) as unknown as readonly Condition[];
      return { op, of: parts.map((part) => compileCondition(part, draft, depth + 1)) };
    }
  const op = LEAF_KEYS.find((key) => Object.hasOwn(raw, key)) ?? fail("not a condition:", raw);
  return compileLeaf(op, raw, draft);
}

function compileLeaf(op: LeafKey, leaf: LeafNode["leaf"], draft: Draft): LeafNode {
  const value = leaf[op];
  const ms = durationOf(leaf.within ?? leaf.for, -1);
  const make = (key: string, keys: readonly string[] = [op], more: Partial<LeafNode> = {}): LeafNode => ({
    op,
    leaf,
    key,
    keys,
    ms,
    account: leaf.by === "account",
    ...more,
  });
  const feature = (id: Json | undefined) => {
    if (!draft.features.has(`${id}`)) fail("no feature", id);
    return `f:${id}`;
  };
  const watch = (target: Json): TargetKey => {
    const key = targetKey(target as Target);
    draft.targets.set(`${op}:${key}`, { op: op as Interaction, key, target: target as Target });
    return key;
  };
  switch (op) {
    case "event": {
      const { where } = leaf;
      const most = Math.max(1, ...[leaf.atLeast, leaf.atMost, leaf.exactly].map((n) => Number(n ?? 0)));
      const name = `e:${value}`;
      if (where === undefined && most < 50) return make(name, [name]);
      const key = `w:${value}|${JSON.stringify(where)}`;
      const { series } = planFor(draft, `${value}`);
      // One more than the largest number compared tells "more than that", too.
      series.set(key, { where, keep: Math.max(Math.min(most, 1_000) + 1, series.get(key)?.keep ?? 0) });
      return make(key, [key]);
    }
    case "sequence": {
      const names = (value as string[]).map(String);
      const { without } = leaf as { readonly without?: string };
      const wait = durationOf(leaf.wait, 0);
      const key = `s:${JSON.stringify([names, without, ms, wait])}`;
      const sequence: SequenceSpec = { key, names, without, within: ms, wait };
      for (const name of [...names, without]) {
        const { sequences } = planFor(draft, name ?? "");
        if (name !== undefined && !sequences.some((one) => one.key === key)) sequences.push(sequence);
      }
      return make(key, [`e:${names.at(-1)}`, key], { sequence });
    }
    case "inactive": {
      const { event, feature: id } = value as { readonly [kind: string]: Json };
      const key = id === undefined ? `e:${event}` : feature(id);
      const timer = `i:${ms}${key}`;
      draft.timers.set(key, (draft.timers.get(key) ?? new Map()).set(timer, ms));
      return make(key, [timer, "page", "session"]);
    }
    case "feature":
      return make(feature(value), [`f:${value}`]);
    case "flow":
      return make(`${value}`, [`flow:${value}`]);
    case "segment": {
      const node = draft.segments(`${value}`);
      return make(`${value}`, listensTo(node), { of: [node] });
    }
    case "page":
      return make("", [op], { pages: [value].flat().map((pattern) => compilePattern(`${pattern}`)) });
    case "element":
    case "click":
    case "hover":
    case "focus":
    case "input": {
      const key = watch(value ?? null);
      return make(key, [`${op}:${key}`]);
    }
    case "signal":
      return make(leaf.target ? watch(leaf.target) : "", [`signal:${value}`]);
    case "time": {
      const timer = `t:${JSON.stringify(value)}`;
      if (
        !Object.values(value as object)
          .flat()
          .every((one) => typeof one === "string")
      )
        fail("no time:", value);
      const node = make(timer, [timer, "page", "session"]);
      draft.times.set(timer, node);
      return node;
    }
    case "locale":
      return make((value as string[]).join());
    case "user":
    case "account":
    case "device":
      return make("");
  }
}

/** Whether one of the keys wakes the condition. */
export const hears = (node: Node, keys: ReadonlySet<string>): boolean =>
  listensTo(node).some((key) => keys.has(key));

/** Everything that wakes a trigger with this condition. */
export const listensTo = (node: Node): readonly string[] =>
  "leaf" in node ? node.keys : node.of.flatMap(listensTo);
