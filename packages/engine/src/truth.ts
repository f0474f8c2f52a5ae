import { assertNever, type Condition } from "@cairn/flow-schema";
import { matchesRule } from "./attribute.ts";
import type { Compiled } from "./compiled.ts";
import { groupOf, type Leaf, type Truth } from "./condition.ts";
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
  doubt?: Leaf | undefined;
}

/** Whether the condition holds now: true, false, or `null` where that cannot be known yet. */
export function truth(raw: Condition, asked: Asked): Truth {
  const leaf = asked.compiled.leaves.get(raw);
  if (leaf) {
    const value = asked.only?.includes(leaf.op) === false ? null : leafTruth(leaf, asked);
    if (value === null) asked.doubt ??= leaf;
    return value;
  }
  const [op, parts] = groupOf(raw) ?? [];
  // In `all` one false decides, in `any` one true.
  const decisive = op === "any";
  let result: Truth = !decisive;
  for (const part of parts ?? []) {
    const value = truth(part, asked);
    if (op === "not") return value === null ? null : !value;
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
export const holds = (raw: Condition | undefined, asked: Asked): boolean =>
  !raw || truth(raw, asked) === true;

/** The books to count in: this person's, or the account's; `null` where the account's are not known. */
export function booksOf({ shared, person, team }: State, by: unknown): readonly Book[] | null {
  if (by !== "account") return Object.values(shared.books);
  return person.verified && team ? [team] : null;
}

/** Uses of an event leaf's event that count now; `null` where nobody can know. */
export function countLeaf({ key, ms, leaf }: Leaf, { state, now, since = 0 }: Asked): Count | null {
  const books = booksOf(state, leaf.by);
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
  const { state, moment: input, now, compiled, env, since = -1 } = asked;
  const { person, local, shared } = state;
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
    case "inactive": {
      const books = booksOf(state, leaf.by);
      if (!books) return null;
      const times = timesOf(books, key);
      const last = lastOf(times);
      if (last >= 0) return now - last >= ms;
      return countTimes(times, -1).exact && !Object.keys(shared.lost).length ? false : null;
    }
    case "feature": {
      const feature = compiled.features.get(`${leaf.feature}`);
      if (!feature) return null;
      // Who may not use a feature is in none of its states.
      const available = feature.availableTo ? truth(feature.availableTo, asked) : true;
      if (!available) return available;
      const books = booksOf(state, leaf.by ?? feature.level);
      if (!books) return null;
      const found = featureState(timesOf(books, key), feature.rule, now);
      if (found.exact) return found.state === leaf.is;
      // Uses from before counting began could have led further, never back to untried.
      return found.state === "tried" && leaf.is === "untried" ? false : null;
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
      return url === null ? null : !!node.pages?.some((page) => matchesPage(page, url));
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
    case "device":
      return matchesRule(env.device, leaf.device, now);
    case "locale": {
      const locale = (local.locale ?? compiled.settings.locale).toLowerCase();
      return (leaf.locale as string[]).some((tag) => `${locale}-`.startsWith(`${tag.toLowerCase()}-`));
    }
    case "flow":
    case "time":
    case "element":
      return compiled.course
        ? compiled.course.leaf(node, asked)
        : op === "flow" && !Object.keys(shared.seen).length
          ? leaf.is === "unseen"
          : null;
    default:
      return assertNever(op);
  }
}
