import type { NaiveQuestion } from "./naive-activation.ts";
import { at, type Line, naivePeople, share, type Test } from "./naive-people.ts";

/** Recorded events about a flow that are no preview's, in order: time, `seq`, then the order of a flow's life. */
function realEvents(people: ReturnType<typeof naivePeople>, flow: string, from: number, to: number) {
  const about = people.lines.filter(
    (line) =>
      at(line) >= from && at(line) < to && line.properties?.flow === flow && line.event?.startsWith("cairn."),
  );
  const forced = about
    .filter((line) => line.properties?.start === "forced")
    .map((line) => line.context?.cairn?.run);
  return about
    .filter((line) => line.properties?.start !== "forced")
    .filter((line) => line.context?.cairn?.run === undefined || !forced.includes(line.context.cairn.run));
}

const LIFE = [
  "held",
  "withheld",
  "shown",
  "",
  "step.shown",
  "step.completed",
  "goal.reached",
  "completed",
  "dismissed",
];

export interface NaiveFlow {
  readonly id: string;
  readonly steps: readonly string[];
  readonly goalWithin: number;
  readonly audience: Test;
}

export function naiveFunnel(
  all: readonly Line[],
  { id, steps, goalWithin, audience }: NaiveFlow,
  exclude: Test,
  { from, to }: Pick<NaiveQuestion, "from" | "to">,
) {
  const people = naivePeople(all, exclude);
  const stage = (line: Line) => {
    const name = (line.event ?? "").replace(/^cairn\.(flow\.)?/, "");
    return LIFE.indexOf(name === "decided" ? String(line.properties?.outcome) : name);
  };
  const step = (line: Line) => {
    const index = steps.indexOf(line.properties?.step as string);
    return index < 0 ? steps.length : index;
  };
  const real = realEvents(people, id, from, to).sort(
    (a, b) =>
      at(a) - at(b) ||
      (a.context?.cairn?.seq ?? 0) - (b.context?.cairn?.seq ?? 0) ||
      stage(a) - stage(b) ||
      step(a) - step(b),
  );
  const everyone = [...new Set(real.map(people.person))];
  const peopleWith = (test: (line: Line) => boolean) =>
    everyone.filter((who) => real.some((line) => people.person(line) === who && test(line)));
  const decided = (outcome: string) => (line: Line) =>
    line.event === `cairn.flow.${outcome}` ||
    (line.event === "cairn.flow.decided" && line.properties?.outcome === outcome);
  const reasons = [...new Set(real.filter(decided("held")).map((line) => line.properties?.reason as string))];
  const heldFor = (reason: string) => (line: Line) =>
    decided("held")(line) && line.properties?.reason === reason;
  /** How far somebody came: the longest row of steps, each found after the one before. */
  const walk = (who: string) => {
    let rest = real.filter((line) => people.person(line) === who);
    const found: Line[] = [];
    for (const step of steps) {
      const index = rest.findIndex(
        (line) => line.event === "cairn.step.shown" && line.properties?.step === step,
      );
      if (index < 0) break;
      found.push(rest[index] as Line);
      rest = rest.slice(index + 1);
    }
    return found;
  };
  const paths = everyone.map((who) => ({ who, found: walk(who) })).filter(({ found }) => found.length > 0);
  const afterAnchor = (event: string, within = Number.POSITIVE_INFINITY) =>
    paths.filter(({ who, found }) => {
      const anchor = found[0] as Line;
      const own = real.filter((line) => people.person(line) === who);
      return own
        .slice(own.indexOf(anchor) + 1)
        .some((line) => line.event === event && at(line) - at(anchor) <= within);
    }).length;
  const triggered = peopleWith((line) =>
    ["shown", "held", "withheld"].some((outcome) => decided(outcome)(line)),
  );
  const active = people.lines
    .filter((line) => people.isActive(line) && at(line) >= from && at(line) < to)
    .map(people.person)
    .filter((who) => audience(people.userTraits(who, to), people.accountKnown(who, to), to) !== false);
  const ofExposed = (n: number) => share(n, paths.length);
  const [completed, dismissed, goal] = [
    afterAnchor("cairn.flow.completed"),
    afterAnchor("cairn.flow.dismissed"),
    afterAnchor("cairn.goal.reached", goalWithin),
  ];
  return {
    eligible: new Set([...active, ...triggered]).size,
    triggered: triggered.length,
    decided: {
      shown: peopleWith(decided("shown")).length,
      withheld: peopleWith(decided("withheld")).length,
      held: Object.fromEntries(reasons.map((reason) => [reason, peopleWith(heldFor(reason)).length])),
      holds: Object.fromEntries(
        reasons.map((reason) => [
          reason,
          real
            .filter(heldFor(reason))
            .reduce((sum, line) => sum + ((line.properties?.count as number | undefined) ?? 1), 0),
        ]),
      ),
    },
    exposed: paths.length,
    steps: steps.map((_, index) => {
      const users = paths.filter(({ found }) => found.length > index).length;
      return { users, share: ofExposed(users) };
    }),
    completed,
    completedShare: ofExposed(completed),
    dismissed,
    dismissedShare: ofExposed(dismissed),
    goal: { users: goal, share: ofExposed(goal) },
  };
}

export function naiveTargets(
  all: readonly Line[],
  { id, steps }: Pick<NaiveFlow, "id" | "steps">,
  exclude: Test,
  { from, to }: Pick<NaiveQuestion, "from" | "to">,
) {
  const people = naivePeople(all, exclude);
  const real = realEvents(people, id, from, to);
  const looking = ["cairn.step.shown", "cairn.target.missing", "cairn.target.fallback"];
  const release = (line: Line) => line.context?.app?.version ?? null;
  const run = (line: Line) => line.context?.cairn?.run ?? people.person(line);
  const health = (lines: readonly Line[]) => {
    const keys = [...new Set(lines.map((line) => JSON.stringify([run(line), release(line)])))];
    const looks = keys.map((key) =>
      lines.filter((line) => JSON.stringify([run(line), release(line)]) === key),
    );
    const isMissing = (look: readonly Line[]) => look.some(({ event }) => event === "cairn.target.missing");
    const rank = (look: readonly Line[]) =>
      Math.max(
        0,
        ...look
          .filter(({ event }) => event === "cairn.target.fallback")
          .map(({ properties }) => properties?.rank as number),
      );
    const missing = looks.filter(isMissing).length;
    const ranks = looks.filter((look) => !isMissing(look)).map(rank);
    const fallbacks = [1, 2, 3]
      .map((wanted) => ({ rank: wanted, runs: ranks.filter((one) => one === wanted).length }))
      .filter(({ runs }) => runs > 0);
    return {
      looked: looks.length,
      found: ranks.filter((one) => one === 0).length,
      fallbacks,
      missing,
      reached: share(looks.length - missing, looks.length),
    };
  };
  const waiting = new Set(
    real
      .filter(
        ({ event, properties }) => event === "cairn.flow.held" && properties?.reason === "target-missing",
      )
      .map(people.person),
  );
  return steps.map((step, index) => {
    const own = real.filter((line) => looking.includes(line.event ?? "") && line.properties?.step === step);
    const releases = [...new Set(own.map(release))].sort((a, b) => ((a ?? "") < (b ?? "") ? -1 : 1));
    return {
      step,
      ...health(own),
      waiting: index === 0 ? waiting.size : 0,
      releases: releases.map((one) => ({
        release: one,
        ...health(own.filter((line) => release(line) === one)),
      })),
    };
  });
}
