import type { Config, JsonObject } from "@cairn/flow-schema";
import type { State } from "../user-state.ts";

/** What all people of one account share in a replay. */
export interface Account {
  readonly id: string;
  /** Its history over all its people, one object for all their states; `null` where nobody asks for it. */
  readonly book: NonNullable<State["team"]> | null;
  /** Its traits as they were known at that moment. */
  traitsAt(now: number): JsonObject;
  /** Adds traits key by key. */
  learn(traits: JsonObject, now: number): void;
}

export interface Accounts {
  get(id: string): Account;
}

const NOTHING: JsonObject = {};

/**
 * People's clocks are not all at the same place: what a person still has to do by a `wake` lies at most a session's
 * end behind what others have done. Traits as they stood then are kept that long.
 */
const KEPT_MS = 31 * 60_000;

export function createAccounts(config: Config): Accounts {
  const counted = countsByAccount(config);
  const known = new Map<string, Account>();
  return {
    get(id) {
      let account = known.get(id);
      if (!account) {
        account = createAccount(id, counted);
        known.set(id, account);
      }
      return account;
    },
  };
}

function createAccount(id: string, counted: boolean): Account {
  let versions: { readonly at: number; readonly traits: JsonObject }[] = [];
  const latest = () => versions.at(-1)?.traits ?? NOTHING;
  return {
    id,
    book: counted ? {} : null,
    traitsAt(now) {
      for (let i = versions.length - 1; i > 0; i--) {
        const version = versions[i];
        if (version && version.at <= now) return version.traits;
      }
      return versions[0]?.traits ?? NOTHING;
    },
    learn(traits, now) {
      const before = latest();
      if (Object.keys(traits).every((key) => Object.hasOwn(before, key) && same(before[key], traits[key])))
        return;
      const at = Math.max(now, versions.at(-1)?.at ?? now);
      versions.push({ at, traits: { ...before, ...traits } });
      // The last one before that time is what was known at its beginning.
      const [, second] = versions;
      if (second && second.at <= at - KEPT_MS) versions = versions.filter((_, i) => !isOver(versions, i, at));
    },
  };
}

/** Whether a version was followed by another before the time that is kept. */
const isOver = (versions: readonly { readonly at: number }[], i: number, now: number): boolean =>
  (versions[i + 1]?.at ?? now) <= now - KEPT_MS;

const same = (a: unknown, b: unknown) => a === b || JSON.stringify(a) === JSON.stringify(b);

/** Whether anything counts over all people of an account: else keeping their history twice would be waste. */
function countsByAccount({ flows, features = [], segments = [], settings = {} }: Config): boolean {
  if (features.some(({ level }) => level === "account")) return true;
  if (flows.some(({ frequency }) => frequency?.per === "account")) return true;
  const stack: unknown[] = [...flows, ...features, ...segments, settings];
  for (let one = stack.pop(); one !== undefined; one = stack.pop()) {
    if (typeof one !== "object" || one === null) continue;
    const leaf = one as { readonly [key: string]: unknown };
    if (leaf.by === "account" && ("event" in leaf || "inactive" in leaf || "feature" in leaf)) return true;
    stack.push(...Object.values(leaf).filter((value) => value !== undefined));
  }
  return false;
}
