import type { Moments, ReportData, ReportQuestion } from "../src/storage/report-store.ts";

/** Everything that a store may be asked for reports. */
export const QUESTION: ReportQuestion = {
  events: ["report.viewed", "none"],
  features: ["export"],
  flows: ["tour", "hint"],
  matching: [
    { key: "plan 1", event: "report.viewed", test: ({ plan }, at) => plan === 1 && at > -1_000_000_000 },
  ],
};

const QUARTER_MS = 900_000;

/**
 * Columns with names in place of numbers, in one order: what two stores must agree on. A number that nobody has any
 * more counts for nobody.
 */
export function readable({ people, activity, seen, events, features, flows, matching }: ReportData) {
  const nameOf = (person: number) => JSON.stringify(Object.values(people.ids[person] ?? {}));
  const momentsOf = ({ count, at, person }: Moments) =>
    Array.from({ length: count }, (_, i) => `${nameOf(person[i] ?? -1)} ${at[i]}`)
      .filter((_, i) => isSomebody(person[i]))
      .sort();
  const isSomebody = (person = -1) => people.ids[person] !== undefined;
  const traitsOf = (traits: ReportData["people"]["userTraits"], name: (key: never) => string) =>
    [...traits]
      .map(([key, { latest, said }]) => [name(key as never), Object.fromEntries([...latest].sort()), said])
      .sort();
  /** Of each quarter of an hour the first and the last moment: what columns that hold more agree on. */
  const quartersOf = (...columns: readonly Moments[]) => {
    const quarters = new Map<string, number[]>();
    for (const { count, at, person } of columns)
      for (let i = 0; i < count; i++) {
        if (!isSomebody(person[i])) continue;
        const key = `${nameOf(person[i] ?? -1)} ${Math.floor((at[i] ?? 0) / QUARTER_MS)}`;
        quarters.set(key, [...(quarters.get(key) ?? []), at[i] ?? 0]);
      }
    return [...quarters].map(([key, at]) => `${key} ${Math.min(...at)} ${Math.max(...at)}`).sort();
  };
  const namesAccount = (person = -1) => (people.ids[person]?.accountId ?? null) !== null;
  return {
    people: people.ids
      .flatMap((_, i) =>
        isSomebody(i) && (people.first[i] ?? Infinity) < Infinity
          ? [`${nameOf(i)} ${people.first[i]} ${people.last[i]}`]
          : [],
      )
      .sort(),
    users: traitsOf(people.userTraits, nameOf),
    accounts: traitsOf(people.accountTraits as never, String),
    activity: quartersOf(activity),
    seen: quartersOf(activity, seen),
    nameless: [...seen.person.subarray(0, seen.count)].filter((i) => isSomebody(i) && !namesAccount(i)),
    events: [...events].map(([name, column]) => [name, momentsOf(column)]),
    features: [...features].map(([id, column]) => [id, momentsOf(column)]),
    matching: [...matching].map(([key, column]) => [key, momentsOf(column)]),
    flows: [...flows].map(([id, { count, at, person, seq, run, code, times, word, words }]) => [
      id,
      Array.from({ length: count }, (_, i) =>
        JSON.stringify([
          nameOf(person[i] ?? -1),
          at[i],
          seq[i],
          run[i],
          code[i],
          times[i],
          words[word[i] ?? -1],
        ]),
      )
        .filter((_, i) => isSomebody(person[i]))
        .sort(),
    ]),
  };
}
