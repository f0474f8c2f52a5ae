import { assertNever } from "@cairn/flow-schema";
import { matchesRule } from "./attribute.ts";
import type { Compiled } from "./compiled.ts";
import type { LeafNode, Node, Truth } from "./condition.ts";
import type { Env } from "./env.ts";
import { featureState } from "./feature-state.ts";
import { type Book, type Count, countTimes, lastOf, timesOf } from "./history.ts";
import type { Input } from "./input.ts";
import { own } from "./own.ts";
import { matchesPage } from "./url-match.ts";
import type { State } from "./user-state.ts";

/** What a condition is asked about. */
export interface Asked {
  readonly compiled: Compiled;
  readonly state: State;
  readonly env: Env;
  readonly now: number;
  /** What is happening at this moment; signals and interactions are true only during it. */
  moment?: Input;
  /** Events and sequences count from this moment on (goals, items, steps). */
  readonly since?: number;
  /** Only these leaves are known; the others are unknown. */
  readonly only?: readonly string[];
  /** Set to the first leaf that was unknown. */
  doubt?: LeafNode | undefined;
}

/** Whether the condition holds now: true, false, or `null` where that cannot be known yet. */
export function truth(node: Node, asked: Asked): Truth {
  if ("leaf" in node) {
    const value = asked.only && !asked.only.includes(node.op) ? null : leafTruth(node, asked);
    if (value === null) asked.doubt ??= node;
    return value;
  }
  if (node.op === "not") {
    const value = node.of[0] ? truth(node.of[0], asked) : null;
    return value === null ? null : !value;
  }
  // In `all` one false decides, in `any` one true.
  const decisive = node.op === "any";
  let result: Truth = !decisive;
  for (const part of node.of) {
    const value = truth(part, asked);
    if (value === decisive) return decisive;
    if (value === null) result = null;
  }
  return result;
}

/** Before a question whose first unknown leaf is to be named. */
export function forgetDoubt(asked: Asked): void {
  asked.doubt = undefined;
}

/** Whether a condition that need not be written holds for certain. */
export const holds = (node: Node | null, asked: Asked): boolean =>
  node === null || truth(node, asked) === true;

/** The books to count in: this person's, or the account's; `null` where the account's are not known. */
export function booksOf(state: State, account: boolean): readonly Book[] | null {
  if (!account) return Object.values(state.shared.books);
  return state.person.verified && state.team ? [state.team] : null;
}

/** Uses of an event leaf's event that count now; `null` where nobody can know. */
export function countLeaf(node: LeafNode, { state, now, since }: Asked): Count | null {
  const books = booksOf(state, node.account);
  if (!books) return null;
  const start = Math.max(node.ms < 0 ? -1 : now - node.ms, since === undefined ? -1 : since - 1);
  const count = countTimes(timesOf(books, node.key), start);
  // A name that was forgotten may have been seen until then.
  const forgotten = Object.values(state.shared.lost).some((lost) => lost > start);
  return forgotten && count.n === 0 ? { n: 0, exact: false } : count;
}

/** The least and the most that an event leaf asks for. */
export function rangeOf({ leaf }: LeafNode): { least: number; most: number } {
  const exactly = leaf.exactly as number | undefined;
  const most = exactly ?? (leaf.atMost as number | undefined);
  const least = exactly ?? (leaf.atLeast as number | undefined) ?? (most === undefined ? 1 : 0);
  return { least, most: most ?? Number.POSITIVE_INFINITY };
}

function eventTruth(node: LeafNode, asked: Asked): Truth {
  const count = countLeaf(node, asked);
  if (!count) return null;
  const { least, most } = rangeOf(node);
  if (count.n > most) return false;
  if (count.exact) return count.n >= least;
  // What is not remembered could only make it more.
  return count.n >= least && most === Number.POSITIVE_INFINITY ? true : null;
}

function sequenceTruth(node: LeafNode, { state, now, since = -1 }: Asked): Truth {
  const chain = own(state.local.chains, node.key);
  if (!chain) return null;
  if (!chain.done || chain.done[0] < since) return chain.partial ? null : false;
  return now >= chain.done[1] + (node.sequence?.wait ?? 0);
}

function inactiveTruth(node: LeafNode, { state, now }: Asked): Truth {
  const books = booksOf(state, node.account);
  if (!books) return null;
  const times = timesOf(books, node.key);
  const last = lastOf(times);
  if (last >= 0) return now - last >= node.ms;
  return countTimes(times, -1).exact && !Object.keys(state.shared.lost).length ? false : null;
}

function featureTruth(node: LeafNode, asked: Asked): Truth {
  const feature = asked.compiled.features.get(node.key.slice(2));
  if (!feature) return null;
  const { is } = node.leaf;
  if (feature.availableTo) {
    // Who may not use a feature is in none of its states.
    const available = truth(feature.availableTo, asked);
    if (!available) return available;
  }
  const books = booksOf(asked.state, node.account || feature.level === "account");
  if (!books) return null;
  const { state, exact } = featureState(timesOf(books, node.key), feature.rule, asked.now);
  if (exact) return state === is;
  // Uses from before counting began could have led further, never back to untried.
  return state === "tried" && is === "untried" ? false : null;
}

function leafTruth(node: LeafNode, asked: Asked): Truth {
  const { state, moment: input, now } = asked;
  const { person } = state;
  const { leaf } = node;
  switch (node.op) {
    case "event":
      return eventTruth(node, asked);
    case "sequence":
      return sequenceTruth(node, asked);
    case "inactive":
      return inactiveTruth(node, asked);
    case "feature":
      return featureTruth(node, asked);
    case "segment":
      return node.of?.[0] ? truth(node.of[0], asked) : null;
    case "user":
      return person.settled ? matchesRule(person.user, leaf.user, now) : null;
    case "account":
      return person.settled && person.accountId !== undefined
        ? matchesRule(person.account, leaf.account, now)
        : null;
    case "page": {
      const { url } = state.local;
      return url === null ? null : (node.pages?.some((page) => matchesPage(page, url)) ?? null);
    }
    case "click":
    case "hover":
    case "focus":
    case "input":
      return input?.type === "ui" && input.action === node.op && input.targets.includes(node.key);
    case "signal":
      return (
        input?.type === "signal" &&
        input.name === leaf.signal &&
        (input.for ?? 0) >= node.ms &&
        (leaf.depth === undefined || (input.depth ?? 0) >= Number(leaf.depth)) &&
        (node.key === "" || (input.targets ?? []).includes(node.key))
      );
    case "time":
    case "device":
    case "locale":
    case "flow":
    case "element":
      return asked.compiled.stage?.leaf(node.op, node, asked) ?? null;
    default:
      return assertNever(node.op);
  }
}
