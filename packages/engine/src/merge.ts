import { laterThan, learnFacts, SERVER } from "./facts.ts";
import { fillMemory } from "./fill-memory.ts";
import type { Book } from "./history.ts";
import type { Input } from "./input.ts";
import { own } from "./own.ts";
import { rebuildLedger } from "./rebuild-ledger.ts";
import type { Turn } from "./turn.ts";
import type { Run, Shared } from "./user-state.ts";

type Map_<T> = { readonly [key: string]: T };

const either = <T>(a: T | undefined, b: T | undefined, pick: (x: T, y: T) => T): T | undefined =>
  a === undefined ? b : b === undefined ? a : pick(a, b);

/** Joins two maps key by key; `pick` decides where both have one. */
function joinMaps<T>(a: Map_<T>, b: Map_<T>, pick: (x: T, y: T) => T): { [key: string]: T } {
  const keys = Object.keys({ ...a, ...b }).sort();
  return Object.fromEntries(keys.map((key) => [key, either(own(a, key), own(b, key), pick) as T]));
}

/** The greater of two by a total order, so that the order of joining cannot matter. */
const greater =
  <T>(...by: ((value: T) => number | string | boolean)[]) =>
  (a: T, b: T): T => {
    for (const key of [...by, (value: T) => JSON.stringify(value)]) {
      const [x, y] = [key(a), key(b)];
      if (x !== y) return x > y ? a : b;
    }
    return a;
  };

const earliest = (a: number, b: number) => Math.min(a, b);
const latest = (a: number, b: number) => Math.max(a, b);
function joinRuns(a: Run, b: Run): Run {
  const seen = either(a.seen, b.seen, earliest);
  // The first end stands.
  const ended = [a, b]
    .filter((run) => run.end !== undefined)
    .sort((x, y) => (x.end ?? 0) - (y.end ?? 0) || ((x.why ?? "") < (y.why ?? "") ? -1 : 1))[0];
  const {
    seen: _,
    end: __,
    why: ___,
    ...last
  } = greater<Run>(
    (run) => run.stepAt,
    (run) => run.path.length,
  )({ ...a, shown: [] }, { ...b, shown: [] });
  return {
    ...last,
    ...(seen !== undefined && { seen }),
    ...(ended?.end !== undefined && { end: ended.end }),
    ...(ended?.why && { why: ended.why }),
    shown: [...new Set([...a.shown, ...b.shown])].sort(),
  };
}

/**
 * What two devices know of one person, as a join: commutative, associative, idempotent. Histories are kept per device
 * (the fuller one of the same device wins), runs by id, snoozes to the latest, items and goals to the earliest.
 */
export function joinShared(a: Shared, b: Shared): Shared {
  const upto = latest(a.upto, b.upto);
  // First on both sides: an old copy that counts what the server has told since would look like the fuller book.
  const books = joinMaps<Book>(laterThan(upto, a.books), laterThan(upto, b.books), (x, y) =>
    joinMaps(
      x,
      y,
      greater(
        (times) => times.n,
        (times) => times.last,
        (times) => -times.from,
      ),
    ),
  );
  const past = joinMaps(a.past, b.past, (x, y) =>
    joinMaps(
      x,
      y,
      greater(
        (sum) => sum.upto,
        (sum) => sum.exposed,
      ),
    ),
  );
  const runs = joinMaps(a.runs, b.runs, (x, y) => joinMaps(x, y, joinRuns));
  // A run that one side has summed up must not be counted once more, not even from a copy in which it is still open.
  for (const [flow, byDevice] of Object.entries(past))
    for (const [id, run] of Object.entries(runs[flow] ?? {})) {
      const sum = byDevice[run.device];
      if (sum && run.start <= sum.upto) delete runs[flow]?.[id];
    }
  // The server's later word is the whole of the earlier one and more.
  const told = a.upto === b.upto ? undefined : (a.upto > b.upto ? a : b).books[SERVER];
  return {
    books: told ? { ...books, [SERVER]: told } : books,
    upto,
    lost: joinMaps(a.lost, b.lost, latest),
    runs,
    past,
    seen: joinMaps(
      a.seen,
      b.seen,
      greater((seen) => -seen.at),
    ),
    goals: joinMaps(a.goals, b.goals, earliest),
    items: joinMaps(a.items, b.items, (x, y) => joinMaps(x, y, earliest)),
    snoozes: joinMaps(a.snoozes, b.snoozes, latest),
    arms: joinMaps(
      a.arms,
      b.arms,
      greater((arm) => -arm.at),
    ),
    preferences: greater<Shared["preferences"]>((one) => one.at)(a.preferences, b.preferences),
  };
}

/** Takes in what another tab or device, or the server, knows of the same person. */
export function join(turn: Turn, { state: other, facts }: Extract<Input, { type: "merge" }>): void {
  const { state } = turn;
  const { local, person } = state;
  const isOther = person.userId !== undefined && (other?.person.userId ?? person.userId) !== person.userId;
  if (isOther) return;
  if (other) state.shared = joinShared(state.shared, other.shared);
  if (facts) learnFacts(state, facts);
  turn.books = undefined;
  local.chains = {};
  fillMemory(turn);
  rebuildLedger(state);
  for (const open of [...local.open]) {
    const run = state.shared.runs[open.flow]?.[open.run];
    // Ended over there: what is on screen here goes too.
    if (run?.end === undefined) continue;
    local.open.splice(local.open.indexOf(open), 1);
    turn.effects.push({ type: "hide", run: open.run, reason: run.why ?? "superseded" });
    turn.raised.push(`flow:${open.flow}`);
  }
  for (const flow of Object.keys(state.shared.items))
    for (const open of local.open) if (open.flow === flow) turn.stale.push(open.run);
}
