import type { Condition, Interaction, Json, LeafKey, Target } from "@cairn/flow-schema";
import { LEAF_KEYS, parseDuration, targetKey } from "@cairn/flow-schema";
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

/** What a condition needs to be remembered or watched, told to whoever compiles the rest. */
export interface Needs {
  /** Times of an event beyond what is kept of each; `where` as written. */
  series(key: string, event: string, where: Json | undefined, keep: number): void;
  sequence(spec: SequenceSpec): void;
  /** The moment `ms` after the last use of a history key may matter. */
  timer(timer: string, key: string, ms: number): void;
  time(timer: string, leaf: LeafNode): void;
  target(op: "element" | Interaction | "signal", key: string, target: Target): void;
  segment(id: string): Node;
  feature(id: string): void;
}

type Raw = { readonly [key: string]: Json };

function duration(value: unknown): number {
  const ms = parseDuration(value);
  if (ms === undefined) throw new Error(`not a duration: ${JSON.stringify(value)}`);
  return ms;
}

const isRaw = (value: unknown): value is Raw =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Deeper than any author goes; keeps a hostile definition from exhausting the stack. */
const MAX_DEPTH = 32;

/** Prepares a condition; throws an `Error` where it is none. */
export function compileCondition(condition: Condition, needs: Needs, depth = 0): Node {
  const raw: unknown = condition;
  if (!isRaw(raw)) throw new Error(`not a condition: ${JSON.stringify(raw)}`);
  if (depth > MAX_DEPTH) throw new Error("conditions nest too deep");
  const nested = (list: unknown): readonly Node[] => {
    if (!Array.isArray(list)) throw new Error("all and any take a list");
    return list.map((one) => compileCondition(one, needs, depth + 1));
  };
  if ("all" in raw) return { op: "all", of: nested(raw.all) };
  if ("any" in raw) return { op: "any", of: nested(raw.any) };
  if ("not" in raw) return { op: "not", of: nested([raw.not]) };
  const op = LEAF_KEYS.find((key) => Object.hasOwn(raw, key));
  if (op === undefined) throw new Error(`not a condition: ${JSON.stringify(raw)}`);
  return compileLeaf(op, raw, needs);
}

function compileLeaf(op: LeafKey, leaf: Raw, needs: Needs): LeafNode {
  const value = leaf[op];
  const make = (key: string, keys: readonly string[], more: Partial<LeafNode> = {}): LeafNode => ({
    op,
    leaf,
    key,
    keys,
    ms: leaf.within === undefined ? -1 : duration(leaf.within),
    account: leaf.by === "account",
    ...more,
  });
  const text = (found: unknown): string => {
    if (typeof found !== "string") throw new Error(`${op} takes a string: ${JSON.stringify(found)}`);
    return found;
  };
  const rule = () => {
    if (!isRaw(value)) throw new Error(`${op} takes an attribute rule`);
    return make("", [op]);
  };
  switch (op) {
    case "event": {
      const name = text(value);
      const most = Math.max(1, ...["atLeast", "atMost", "exactly"].map((key) => Number(leaf[key] ?? 0)));
      if (leaf.where === undefined && most < 50) return make(`e:${name}`, [`e:${name}`]);
      if (leaf.where !== undefined && !isRaw(leaf.where)) throw new Error("where takes an attribute rule");
      const key = `w:${name}|${JSON.stringify(leaf.where ?? null)}`;
      needs.series(key, name, leaf.where, Math.min(most, 1_000) + 1);
      return make(key, [key]);
    }
    case "sequence": {
      if (!Array.isArray(value) || value.length === 0) throw new Error("sequence takes a list of names");
      const names = value.map(text);
      const wait = leaf.wait === undefined ? 0 : duration(leaf.wait);
      const without = leaf.without === undefined ? undefined : text(leaf.without);
      const within = duration(leaf.within);
      const key = `s:${JSON.stringify([names, without, within, wait])}`;
      const spec = { key, names, without, within, wait };
      needs.sequence(spec);
      return make(key, [`e:${names.at(-1)}`, ...(wait ? [key] : [])], { sequence: spec });
    }
    case "inactive": {
      if (!isRaw(value)) throw new Error("inactive takes an event or a feature");
      const feature = value.feature;
      if (feature !== undefined) needs.feature(text(feature));
      const key = feature === undefined ? `e:${text(value.event)}` : `f:${feature}`;
      const ms = duration(leaf.for);
      const timer = `i:${ms}${key}`;
      needs.timer(timer, key, ms);
      return make(key, [timer, "page", "session"], { ms });
    }
    case "feature":
      needs.feature(text(value));
      return make(`f:${value}`, [`f:${value}`]);
    case "flow":
      return make(text(value), [`flow:${value}`]);
    case "segment": {
      const node = needs.segment(text(value));
      return make(text(value), listensTo(node), { of: [node] });
    }
    case "user":
    case "account":
    case "device":
      return rule();
    case "page": {
      const pages = (Array.isArray(value) ? value : [value]).map((page) => compilePattern(text(page)));
      return make("", [op], { pages });
    }
    case "element":
    case "click":
    case "hover":
    case "focus":
    case "input": {
      if (!isRaw(value)) throw new Error(`${op} takes a target`);
      const key = targetKey(value as Target);
      needs.target(op, key, value as Target);
      return make(key, [`${op}:${key}`]);
    }
    case "signal": {
      const key = isRaw(leaf.target) ? targetKey(leaf.target as Target) : "";
      if (key) needs.target(op, key, leaf.target as Target);
      return make(key, [`signal:${text(value)}`], { ms: leaf.for === undefined ? -1 : duration(leaf.for) });
    }
    case "time": {
      if (!isRaw(value)) throw new Error("time takes an object");
      const timer = `t:${JSON.stringify(value)}`;
      const node = make(timer, [timer, "page", "session"]);
      needs.time(timer, node);
      return node;
    }
    case "locale":
      if (!Array.isArray(value)) throw new Error("locale takes a list");
      value.map(text);
      return make("", [op]);
  }
}

/** Everything that wakes a trigger with this condition. */
export function listensTo(node: Node): readonly string[] {
  return "leaf" in node ? node.keys : node.of.flatMap(listensTo);
}
