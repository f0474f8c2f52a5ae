import { type NaiveQuestion, naiveWeeks } from "./naive-activation.ts";
import { at, type Line, naivePeople, share, type Test } from "./naive-people.ts";

/** Recorded events about a flow that are no preview's, in order: time, `seq`, then the order of a flow's life. */
function realEvents(people: ReturnType<typeof naivePeople>, flow: string, from: number, to: number) {
  const about = people.lines.filter(
    (line) => line.properties?.flow === flow && line.event?.startsWith("cairn."),
  );
  const forced = about
    .filter((line) => line.properties?.start === "forced")
    .map((line) => line.context?.cairn?.run);
  return about
    .filter((line) => at(line) >= from && at(line) < to)
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
  /** How long after the anchor anything counts. */
  readonly window: number;
  readonly audience: Test;
}

export function naiveFunnel(
  all: readonly Line[],
  { id, steps, window, audience }: NaiveFlow,
  exclude: Test,
  { from, to, timezone, homesAt }: Pick<NaiveQuestion, "from" | "to" | "timezone" | "homesAt">,
) {
  const people = naivePeople(all, exclude, to, homesAt);
  const place = (line: Line) => {
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
      place(a) - place(b) ||
      step(a) - step(b),
  );
  const everyone = [...new Set(real.map(people.person))];
  const decided = (outcome: string) => (line: Line) =>
    line.event === `cairn.flow.${outcome}` ||
    (line.event === "cairn.flow.decided" && line.properties?.outcome === outcome);
  /** How far somebody came: the longest row of steps, each found after the one before. */
  const walk = (who: string) => {
    let rest = real.filter((line) => people.person(line) === who);
    const found: Line[] = [];
    for (const step of steps) {
      const index = rest.findIndex(
        (line) =>
          line.event === "cairn.step.shown" &&
          line.properties?.step === step &&
          at(line) - at(found[0] ?? line) < window,
      );
      if (index < 0) break;
      found.push(rest[index] as Line);
      rest = rest.slice(index + 1);
    }
    return found;
  };
  const paths = everyone.map((who) => ({ who, found: walk(who) })).filter(({ found }) => found.length > 0);
  type Path = (typeof paths)[number];
  const hasAfterAnchor =
    (event: string) =>
    ({ who, found }: Path) => {
      const anchor = found[0] as Line;
      const own = real.filter((line) => people.person(line) === who);
      return own
        .slice(own.indexOf(anchor) + 1)
        .some((line) => line.event === event && at(line) - at(anchor) < window);
    };
  /** Who could still do it is in no share. */
  const mature = paths.filter(({ found }) => at(found[0] as Line) + window <= to);
  const stage = (test: (path: Path) => boolean) => ({
    users: paths.filter(test).length,
    share: share(mature.filter(test).length, mature.length),
  });
  /** Who was decided about in a stretch of time, how, and why not. */
  const decisions = (isIn: (line: Line) => boolean) => {
    const lines = real.filter(isIn);
    const peopleIn = (some: readonly Line[]) => [...new Set(some.map(people.person))];
    const [shown, held, withheld] = ["shown", "held", "withheld"].map((outcome) =>
      lines.filter(decided(outcome)),
    ) as [Line[], Line[], Line[]];
    const reasons = [...new Set(held.map((line) => line.properties?.reason as string))];
    const heldFor = (reason: string) => held.filter((line) => line.properties?.reason === reason);
    return {
      who: peopleIn([...shown, ...held, ...withheld]),
      decided: {
        shown: peopleIn(shown).length,
        withheld: peopleIn(withheld).length,
        held: Object.fromEntries(reasons.map((reason) => [reason, peopleIn(heldFor(reason)).length])),
        holds: Object.fromEntries(
          reasons.map((reason) => [
            reason,
            heldFor(reason).reduce(
              (sum, line) => sum + ((line.properties?.count as number | undefined) ?? 1),
              0,
            ),
          ]),
        ),
      },
    };
  };
  const whole = decisions(() => true);
  const triggered = whole.who;
  const zoneOf = (line: Line) => people.personZone(people.person(line), to);
  const zones = people.lines.filter((line) => at(line) < to).map(zoneOf);
  const weeks = naiveWeeks({ from, to, timezone }, zones).map(({ name, own, complete }) => {
    const { who, decided } = decisions((line) => {
      const { start, next } = own(zoneOf(line));
      return at(line) >= start && at(line) < next;
    });
    return { week: name, complete, triggered: who.length, decided };
  });
  const active = people.lines
    .filter((line) => people.isActive(line) && at(line) >= from && at(line) < to)
    .map(people.person)
    .filter((who) => audience(people.userTraits(who, to), people.accountKnown(who, to), to) !== false);
  const [completed, dismissed, goal] = [
    stage(hasAfterAnchor("cairn.flow.completed")),
    stage(hasAfterAnchor("cairn.flow.dismissed")),
    stage(hasAfterAnchor("cairn.goal.reached")),
  ];
  return {
    eligible: new Set([...active, ...triggered]).size,
    triggered: triggered.length,
    decided: whole.decided,
    weeks,
    exposed: paths.length,
    immature: paths.length - mature.length,
    steps: steps.map((_, index) => stage(({ found }) => found.length > index)),
    completed: completed.users,
    completedShare: completed.share,
    dismissed: dismissed.users,
    dismissedShare: dismissed.share,
    goal,
  };
}

export function naiveTargets(
  all: readonly Line[],
  { id, steps }: Pick<NaiveFlow, "id" | "steps">,
  exclude: Test,
  { from, to }: Pick<NaiveQuestion, "from" | "to">,
) {
  const people = naivePeople(all, exclude, to);
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

/** The list of decisions, latest first; of one person where one is asked for. */
export function naiveDecisions(
  all: readonly Line[],
  exclude: Test,
  { from, to, user }: Pick<NaiveQuestion, "from" | "to"> & { readonly user?: string },
) {
  const people = naivePeople(all, exclude, to);
  const outcomeOf = ({ event, properties }: Line) =>
    event === "cairn.flow.decided" ? properties?.outcome : event?.replace("cairn.flow.", "");
  const runOf = ({ context, properties }: Line) =>
    context?.cairn?.run && [properties?.flow, context.cairn.run].join(" ");
  const inRange = (line: Line) => at(line) >= from && at(line) < to;
  const decidedRuns = all.filter((line) => inRange(line) && line.event === "cairn.flow.decided").map(runOf);
  return people.lines
    .filter(inRange)
    .filter(({ event }) => /^cairn\.flow\.(decided|shown|held|withheld)$/.test(event ?? ""))
    .filter(
      (line) => user === undefined || [`user ${user}`, `anonymous ${user}`].includes(people.person(line)),
    )
    .filter(
      (line) =>
        !["cairn.flow.shown", "cairn.flow.withheld"].includes(line.event ?? "") ||
        runOf(line) === undefined ||
        !decidedRuns.includes(runOf(line)),
    )
    .sort((a, b) => at(b) - at(a) || (b.messageId < a.messageId ? -1 : 1))
    .map((line) => {
      const outcome = outcomeOf(line);
      const reason = line.properties?.reason ?? (outcome === "withheld" ? "holdout" : undefined);
      const count = line.properties?.count;
      return {
        at: new Date(at(line)).toISOString(),
        user: people.person(line).replace(/^\w+ /, ""),
        flow: line.properties?.flow,
        outcome,
        ...(reason === undefined ? {} : { reason }),
        ...(count === undefined ? {} : { count }),
      };
    });
}
