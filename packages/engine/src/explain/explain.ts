import type { Condition, FlowState, Json } from "@cairn/flow-schema";
import { readPath } from "../attribute.ts";
import type { Compiled, CompiledFlow } from "../compiled.ts";
import type { Leaf, Truth } from "../condition.ts";
import { course } from "../course.ts";
import { type Hold, personalHold } from "../eligibility.ts";
import type { Env } from "../env.ts";
import { featureState } from "../feature-state.ts";
import { timesOf } from "../history.ts";
import { lastOf } from "../merge-times.ts";
import { own } from "../own.ts";
import { holdoutHold, situationalHold } from "../situation.ts";
import { stage } from "../stage.ts";
import { type Asked, booksOf, countLeaf, rangeOf, truth } from "../truth.ts";
import type { State } from "../user-state.ts";

/** One group of a condition, with what it comes to. */
export interface GroupTree {
  readonly op: "all" | "any" | "not";
  /** `null`: cannot be known yet. */
  readonly value: Truth;
  readonly of: readonly ConditionTree[];
}

/** One leaf: what it asks for, what there is, and what that comes to. */
export interface LeafTree {
  readonly op: string;
  /** As the author wrote it. */
  readonly leaf: { readonly [key: string]: Json };
  readonly value: Truth;
  readonly needed: Json;
  readonly had: Json;
  /** The condition behind a segment's name; who may use a feature. */
  readonly of?: readonly ConditionTree[];
}
export type ConditionTree = GroupTree | LeafTree;

/** Why a flow would, or would not, be shown at this moment. */
export interface Explanation {
  readonly flow: string;
  /** The gate that stops it now; `null` = it would be shown if its trigger fired. */
  readonly gate: Hold | null;
  /** It is open already. */
  readonly open: boolean;
  /** What sets it off, asked as if this moment were it. */
  readonly trigger: ConditionTree | null;
  readonly audience: ConditionTree | null;
  readonly goal: ConditionTree | null;
  readonly quiet: readonly { readonly id: string; readonly when: ConditionTree }[];
  /** Seen so far, not counting runs that were forced. */
  readonly exposures: number;
}

/** Explains one flow as things stand; `undefined` where there is no such flow. Changes nothing. */
export function explain(known: Compiled, state: State, env: Env, flowId: string): Explanation | undefined {
  const compiled = known.course ? known : known.with({ stage, course });
  const flow = compiled.flows.get(flowId);
  if (!flow) return undefined;
  // Gates take arms for good; asking why must leave no trace.
  const copy = JSON.parse(JSON.stringify(state)) as State;
  copy.now = Math.max(copy.now, env.now);
  const asked: Asked = { compiled, state: copy, env, now: copy.now };
  const tree = (node: Condition | null | undefined) => (node ? treeOf(node, asked) : null);
  const runs = Object.values(own(state.shared.runs, flowId) ?? {});
  return {
    flow: flowId,
    gate: gateOf(asked, flow),
    open: state.local.open.some((open) => open.flow === flowId),
    trigger: flow.triggered ? tree(flow.trigger) : null,
    audience: tree(flow.audience),
    goal: goalTree(flow, asked),
    quiet: compiled.quiet.map(({ id, when }) => ({ id, when: treeOf(when, asked) })),
    exposures: runs.filter((run) => run.seen !== undefined && run.how !== "forced" && !run.ghost).length,
  };
}

function gateOf(asked: Asked, flow: CompiledFlow): Hold | null {
  const personal = personalHold(asked, flow, "trigger");
  if (personal) return personal;
  const found = situationalHold(asked, flow, { flow: flow.id, how: "trigger" });
  if (found && found !== "look") return found;
  const ghost = holdoutHold(asked, flow, "trigger");
  return ghost ? { reason: "holdout", detail: ghost } : null;
}

function goalTree(flow: CompiledFlow, asked: Asked): ConditionTree | null {
  const seen = own(asked.state.shared.seen, flow.id);
  return flow.goal ? treeOf(flow.goal.reach, seen ? { ...asked, since: seen.at } : asked) : null;
}

function treeOf(raw: Condition, asked: Asked): ConditionTree {
  const value = truth(raw, asked);
  const node = asked.compiled.nodes.get(raw) ?? { op: "all", parts: [] };
  if ("parts" in node) return { op: node.op, value, of: node.parts.map((part) => treeOf(part, asked)) };
  const behind = node.where ?? (node.op === "feature" ? featureOf(node, asked)?.availableTo : undefined);
  return {
    op: node.op,
    leaf: node.leaf,
    value,
    needed: needed(node),
    had: had(node, asked),
    ...(behind && { of: [treeOf(behind, asked)] }),
  };
}

const featureOf = ({ leaf }: Leaf, { compiled }: Asked) => compiled.features.get(`${leaf.feature}`);

function needed(node: Leaf): Json {
  if (node.op === "event") {
    const { least, most } = rangeOf(node);
    return Number.isFinite(most) ? { atLeast: least, atMost: most } : { atLeast: least };
  }
  if (node.op === "inactive") return node.leaf.for ?? null;
  return node.leaf.is ?? node.leaf[node.op] ?? null;
}

/** Only the attributes that the rule asks about: an explanation is no dump of what is known of a person. */
function attributes(rule: Json | undefined, from: unknown): Json {
  if (typeof rule !== "object" || rule === null) return null;
  const found: { [path: string]: Json } = {};
  for (const [key, value] of Object.entries(rule)) {
    if (!key.startsWith("$")) found[key] = (readPath(from, key) ?? null) as Json;
    else
      for (const one of Array.isArray(value) ? value : [value]) Object.assign(found, attributes(one, from));
  }
  return found;
}

const FLOW_STATES: readonly FlowState[] = ["unseen", "seen", "active", "completed", "dismissed", "snoozed"];

function had(node: Leaf, asked: Asked): Json {
  const { state, env, now } = asked;
  const { person, local } = state;
  switch (node.op) {
    case "event":
      return countLeaf(node, asked)?.n ?? null;
    case "sequence":
      return own(local.chains, node.key)?.done?.map((at) => new Date(at).toISOString()) ?? null;
    case "inactive": {
      const last = lastOf(timesOf(booksOf(asked, node.leaf.by) ?? [], node.key));
      return last < 0 ? null : new Date(last).toISOString();
    }
    case "feature": {
      const feature = featureOf(node, asked);
      if (feature?.availableTo && truth(feature.availableTo, asked) !== true) return "not available";
      const books = feature && booksOf(asked, node.leaf.by ?? feature.level);
      return feature && books ? featureState(timesOf(books, node.key), feature.rule, now).state : null;
    }
    case "user":
      return person.settled ? attributes(node.leaf.user, person.user) : null;
    case "account":
      return person.accountId === undefined ? null : attributes(node.leaf.account, person.account);
    case "device":
      return attributes(node.leaf.device, env.device);
    case "page":
      return local.url;
    case "locale":
      return local.locale ?? asked.compiled.settings.locale;
    case "element":
      return own(local.elements, node.key) ?? null;
    case "flow":
      return FLOW_STATES.filter((is) => course.leaf({ ...node, leaf: { ...node.leaf, is } }, asked)).join(
        ", ",
      );
    case "time":
      return new Date(now).toISOString();
    default:
      return null;
  }
}
