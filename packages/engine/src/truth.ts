import { assertNever, type Condition } from "@cairn/flow-schema";
import { matchesRule } from "./attribute.ts";
import type { Compiled } from "./compiled.ts";
import type { Leaf, Truth } from "./condition.ts";
import type { Env } from "./env.ts";
import { type Book, type Count, countTimes, timesOf } from "./history.ts";
import type { Input } from "./input.ts";
import { own } from "./own.ts";
import type { State } from "./user-state.ts";

/** What a condition is asked about. */
export interface Asked {
  readonly compiled: Compiled;
  readonly state: State;
  readonly env: Env;
  readonly now: number;
  /** What is happening at this moment; signals and interactions are true only during it. */
  moment?: Input | undefined;
  /** Events and sequences count from this moment on (goals, items, steps). */
  since?: number | undefined;
  /** Only these leaves are known; the others are unknown. */
  only?: readonly string[] | undefined;
  /** The books of all devices, once somebody has asked; whoever puts others in their place forgets them here. */
  books?: readonly Book[] | undefined;
  /** Set to the first leaf that was unknown. */
  doubt?: Leaf | undefined;
}

/** Whether the condition holds now: true, false, or `null` where that cannot be known yet. */
export function truth(raw: Condition, asked: Asked): Truth {
  const node = asked.compiled.nodes.get(raw);
  if (!node) return null;
  if (!("parts" in node)) {
    const value = asked.only?.includes(node.op) === false ? null : leafTruth(node, asked);
    if (value === null) asked.doubt ??= node;
    return value;
  }
  const { op } = node;
  // In `all` one false decides, in `any` one true.
  const decisive = op === "any";
  let result: Truth = !decisive;
  for (const part of node.parts) {
    const value = truth(part, asked);
    if (op === "not") return value === null ? null : !value;
    if (value === decisive) return decisive;
    if (value === null) result = null;
  }
  return result;
}

/** The same, with events and sequences counted from that moment on. */
export function truthSince(raw: Condition, asked: Asked, since: number): Truth {
  const before = asked.since;
  asked.since = since;
  const value = truth(raw, asked);
  asked.since = before;
  return value;
}

/** Before a question whose first unknown leaf is to be named. */
export function forgetDoubt(asked: Asked): void {
  asked.doubt = undefined;
}

/** Whether a condition that need not be written holds for certain. */
export const holds = (raw: Condition | undefined, asked: Asked): boolean =>
  !raw || truth(raw, asked) === true;

/** The books to count in: this person's, or the account's; `null` where the account's are not known. */
export function booksOf(asked: Asked, by: unknown): readonly Book[] | null {
  const { shared, person, team } = asked.state;
  if (by === "account") return person.verified && team ? [team] : null;
  asked.books ??= Object.values(shared.books);
  return asked.books;
}

/** Uses of an event leaf's event that count now; `null` where nobody can know. */
export function countLeaf({ key, ms, leaf }: Leaf, asked: Asked): Count | null {
  const { state, now, since = 0 } = asked;
  const books = booksOf(asked, leaf.by);
  if (!books) return null;
  const start = Math.max(ms < 0 ? -1 : now - ms, since - 1);
  const count = countTimes(timesOf(books, key), start);
  // A name that was forgotten may have been seen until then.
  if (!count.n && Object.values(state.shared.lost).some((lost) => lost > start))
    return { n: 0, exact: false };
  return count;
}

/** The least and the most that an event leaf asks for. */
export function rangeOf({ leaf }: Leaf): { least: number; most: number } {
  const { exactly, atMost = exactly, atLeast = exactly ?? (atMost === undefined ? 1 : 0) } = leaf;
  return { least: atLeast as number, most: (atMost ?? Number.POSITIVE_INFINITY) as number };
}

function leafTruth(node: Leaf, asked: Asked): Truth {
  const { state, moment: input, now, compiled, since = -1 } = asked;
  const { person, local } = state;
  const { leaf, key, ms, op } = node;
  switch (op) {
    case "event": {
      const count = countLeaf(node, asked);
      if (!count) return null;
      const { least, most } = rangeOf(node);
      if (count.n > most) return false;
      if (count.exact) return count.n >= least;
      // What is not remembered could only make it more.
      return (count.n >= least && most === Number.POSITIVE_INFINITY) || null;
    }
    case "sequence": {
      const chain = own(local.chains, key);
      if (!chain) return null;
      if (!chain.done || chain.done[0] < since) return chain.partial ? null : false;
      return now >= chain.done[1] + (node.sequence?.wait ?? 0);
    }
    case "segment":
      return node.where ? truth(node.where, asked) : null;
    case "user":
      return person.settled ? matchesRule(person.user, leaf.user, now) : null;
    case "account":
      return person.settled && person.accountId !== undefined
        ? matchesRule(person.account, leaf.account, now)
        : null;
    case "page": {
      const { url } = local;
      return url === null ? null : (node.pages?.some((fits) => fits(url)) ?? null);
    }
    case "click":
    case "hover":
    case "focus":
    case "input":
      return input?.type === "ui" && input.action === op && input.targets.includes(key);
    case "signal":
      return (
        input?.type === "signal" &&
        input.name === leaf.signal &&
        (input.for ?? 0) >= ms &&
        (leaf.depth === undefined || (input.depth ?? 0) >= Number(leaf.depth)) &&
        (key === "" || !!input.targets?.includes(key))
      );
    case "inactive":
    case "feature":
    case "device":
    case "locale":
    case "flow":
    case "time":
    case "element":
      return compiled.stage?.leaf(node, asked) ?? null;
    default:
      return assertNever(op);
  }
}
