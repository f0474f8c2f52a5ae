import { assertNever, type Config } from "@cairn/flow-schema";
import type { Compiled } from "../compiled.ts";
import type { Decision } from "../decision.ts";
import type { Effect } from "../effect.ts";
import type { Env } from "../env.ts";
import { compile } from "../full.ts";
import type { Input, RunId } from "../input.ts";
import { transition } from "../transition.ts";
import { truth } from "../truth.ts";
import type { State } from "../user-state.ts";
import { createAccounts } from "./accounts.ts";
import { pageOf, signalOf, uiOf } from "./line-input.ts";
import type { LogLine } from "./log-line.ts";
import { createNameRoom } from "./name-room.ts";
import { createPeople, type People } from "./people.ts";
import { createPerson, dueAt, type Person, placeElements } from "./person.ts";
import { NEXT, passable, type Respond } from "./respond.ts";
import { createScreenStage } from "./screen-stage.ts";
import { createTally, type Tally } from "./tally.ts";
import { createTeams } from "./teams.ts";
import { uniform } from "./uniform.ts";
import { watchScreen } from "./watch-screen.ts";

export interface ReplayOptions {
  readonly config: Config;
  /** @default "ignore" */
  readonly respond?: Respond;
  /** Whether the targets of steps and conditions are on the page, and visible. @default "present" */
  readonly targets?: "present" | "absent";
  /** Hears each decision as it is made: in order for one person, not over all. */
  readonly onDecision?: (decision: Decision) => void;
}

/** One set of definitions played against a log, line by line: the real engine, with one state per person. */
export interface Replay {
  readonly compiled: Compiled;
  readonly people: People;
  readonly tally: Tally;
  /** Lines that were older than their person's clock. */
  readonly outOfOrder: number;
  /** Plays one line; `at` is its timestamp in epoch ms. */
  read(line: LogLine, at: number): void;
  /** Lets everything happen that is due by then. */
  settle(at: number): void;
  /** A person as things stand at that moment, which must not lie before what was played for them. */
  personAt(id: string, at: number): { readonly state: State; readonly env: Env } | undefined;
}

export function createReplay({
  config,
  respond = "ignore",
  targets = "present",
  onDecision,
}: ReplayOptions): Replay {
  const there = targets === "present";
  const screen = createScreenStage();
  const mayComplete = respond === "complete" || typeof respond === "object";
  const compiled = uniform(compile(mayComplete ? passable(config) : config, screen.parts));
  const tally = createTally(compiled);
  const accounts = createAccounts(config);
  const env = { now: 0, timezone: "UTC", device: { width: 1280, height: 800, touch: false } };
  const hasRoom = createNameRoom(config);
  let outOfOrder = 0;

  const people = createPeople({
    create(line, now) {
      const person = createPerson(line, now, tally.person());
      person.state.person.verified = line.verified !== false;
      if (typeof line.context?.locale === "string") person.state.local.locale = line.context.locale;
      placeElements(person, compiled, there);
      send(person, { type: "config" }, now);
      // Only now, because a fresh page knows nothing of its elements.
      placeElements(person, compiled, there);
      return person;
    },
    name(person, userId) {
      person.state.person.userId = userId;
    },
    merge(user, stranger, now) {
      runDue(stranger, now);
      teams?.leave(stranger);
      runDue(user, now);
      tally.join(user.tally, stranger.tally);
      send(user, { type: "merge", state: stranger.state }, Math.max(now, user.state.now));
    },
  });

  /** Hands one input to the engine and does what it says. */
  function send(person: Person, input: Input, now: number): void {
    env.now = now;
    env.timezone = person.timezone;
    if (person.lingering > 0) screen.ignores = ignoredBy(person);
    const { state } = person;
    const { effects, decisions } = transition(compiled, state, input, env);
    if (decisions.length > 0) {
      judge(person, now);
      for (const decision of decisions) {
        tally.decided(person.tally, decision);
        onDecision?.(decision);
      }
    }
    if (effects.length === 0) return;
    watchScreen(person, effects, state.now, respond);
    teams?.note(person);
    for (const effect of effects) follow(person, effect, state.now);
  }

  /** Looks whether the person is one of those who are in no summary. */
  function judge({ tally: one, state }: Person, now: number): void {
    const { exclude } = compiled;
    if (exclude) one.excluded = truth(exclude, { compiled, state, env, now }) === true;
  }

  /** What the page would answer at once. */
  function follow(person: Person, effect: Effect, now: number): void {
    if (effect.type === "locate")
      for (const { key } of effect.targets) {
        if (person.watched.has(key)) send(person, { type: "located", target: key, found: there }, now);
      }
  }

  /** Everything that happens to a person by itself up to that moment. */
  function runDue(person: Person, until: number): void {
    for (let at = dueAt(person); at <= until; at = dueAt(person)) {
      const now = Math.max(at, person.state.now);
      share(person, now);
      const act = person.state.local.wake === at ? undefined : person.acts.find((one) => one.at === at);
      if (act) perform(person, act, now);
      else send(person, { type: "tick" }, now);
    }
  }

  const teams = createTeams(config, runDue);

  /** The person does what they had in mind with what is on screen. */
  function perform(person: Person, act: Person["acts"][number], now: number): void {
    const { run } = act;
    person.acts = person.acts.filter((one) => one !== act);
    switch (act.do) {
      case "expose":
        send(person, { type: "exposed", run, step: act.step as never }, now);
        return;
      case "close":
        send(person, { type: "action", run, act: { kind: "close" } }, now);
        return;
      case "next":
        send(person, { type: "action", run, act: { kind: "button", id: NEXT as never } }, now);
        return;
      case "complete":
        screen.next = { completes: run };
        send(person, { type: "tick" }, now);
        return;
      default:
        assertNever(act.do);
    }
  }

  /** The account's traits, as all its people know them at that moment. */
  function share({ account, state }: Person, now: number): void {
    if (account) state.person.account = account.traitsAt(now);
  }

  function enter(person: Person, accountId: string, now: number): void {
    if (person.account?.id === accountId) return;
    teams?.leave(person);
    person.account = accounts.get(accountId);
    person.state.team = person.account.book;
    teams?.catchUp(person, now);
  }

  /** What a line says besides what happened: who and where the person is. */
  function orient(person: Person, line: LogLine, now: number): void {
    const { state } = person;
    const { context } = line;
    state.person.verified = line.verified !== false;
    if (!context) return;
    const { timezone, locale, page, groupId } = context;
    if (typeof timezone === "string") person.timezone = timezone;
    if (typeof page?.url === "string" && !person.paged) state.local.url = page.url;
    if (typeof groupId === "string" && line.type !== "group" && groupId !== state.person.accountId) {
      enter(person, groupId, now);
      state.person.accountId = groupId;
    }
    if (typeof locale === "string" && locale !== state.local.locale)
      send(person, { type: "locale", locale }, now);
  }

  function play(person: Person, line: LogLine, now: number): void {
    const { state } = person;
    switch (line.type) {
      case "track":
        compiled.roomy = hasRoom(`${line.event}`);
        send(person, { type: "track", event: `${line.event}`, properties: line.properties ?? {} }, now);
        return;
      case "page": {
        const input = pageOf(line);
        person.paged = true;
        if (person.lingering > 0) screen.next = { leaves: ignoredBy(person) };
        send(person, input, now);
        return;
      }
      case "identify": {
        const traits = line.traits ?? {};
        const userId = line.userId ?? state.person.userId;
        if (userId !== undefined) {
          send(person, { type: "identify", userId, traits, verified: line.verified !== false }, now);
        } else {
          // Nobody has been named, so nothing is woken.
          state.person.user = { ...state.person.user, ...traits };
          send(person, { type: "tick" }, now);
        }
        return;
      }
      case "group": {
        const accountId = `${line.groupId}`;
        enter(person, accountId, now);
        person.account?.learn(line.traits ?? {}, now);
        send(person, { type: "group", accountId, traits: person.account?.traitsAt(now) ?? {} }, now);
        return;
      }
      case "signal":
        send(person, signalOf(line, compiled), now);
        return;
      case "ui":
        send(person, uiOf(line, person, compiled), now);
        return;
      default:
        assertNever(line);
    }
  }

  return {
    compiled,
    people,
    tally,
    get outOfOrder() {
      return outOfOrder;
    },
    read(line, at) {
      if (line.type === "track" && line.event?.startsWith("cairn.") && line.event !== "cairn.feature.used") {
        people.mention(line);
        return;
      }
      const person = people.of(line, at);
      const { state } = person;
      if (at < state.now) outOfOrder++;
      const now = Math.max(at, state.now);
      teams?.catchUp(person, now);
      runDue(person, now);
      share(person, now);
      tally.active(person.tally, now);
      orient(person, line, now);
      play(person, line, now);
      judge(person, now);
      if (compiled.elements.length > 0 && person.session !== state.session.id) {
        person.session = state.session.id;
        const element = { present: there, visible: there, enabled: there };
        for (const { key } of compiled.elements)
          send(person, { type: "element", target: key, ...element }, now);
      }
    },
    settle(at) {
      for (const person of people) {
        teams?.catchUp(person, at);
        runDue(person, at);
      }
    },
    personAt(id, at) {
      const person = people.find(id);
      if (!person) return undefined;
      const now = Math.max(at, person.state.now);
      teams?.catchUp(person, now);
      runDue(person, now);
      share(person, now);
      return { state: person.state, env: { ...env, now, timezone: person.timezone } };
    },
  };
}

const ignoredBy =
  ({ screen }: Person) =>
  (run: RunId) =>
    screen.get(run)?.reply === "ignore";
