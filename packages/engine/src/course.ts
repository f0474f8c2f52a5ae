import { act } from "./act.ts";
import { courseLeafTruth } from "./course-leaf.ts";
import { fillMemory } from "./fill-memory.ts";
import { formatExpression } from "./format.ts";
import { itemViews } from "./item-views.ts";
import { join } from "./merge.ts";
import { openRuns } from "./open-runs.ts";
import { own } from "./own.ts";
import { checkItems, checkProgress } from "./progress.ts";
import { updateViews } from "./redraw.ts";
import { checkSeen, resume } from "./resume.ts";
import { askWaiting, endRun, expose, giveUpTarget, place } from "./runs.ts";
import { isAway } from "./situation.ts";
import { setTurns } from "./time-window.ts";
import { truth } from "./truth.ts";
import { type Course, endRuns, type Turn } from "./turn.ts";
import { compilePattern, matchesPage } from "./url-match.ts";
import { currentStep, keyOf } from "./view.ts";

/** What follows once a hint has opened, and what few definitions ask. */
export const course: Course = {
  leaf: courseLeafTruth,
  itemViews,
  prepareMemory: fillMemory,
  progress: checkProgress,
  checkItems,
  end: endRun,
  place,
  finish: updateViews,
  readPage(pattern) {
    const compiled = compilePattern(pattern);
    return (url) => matchesPage(compiled, url);
  },
  format({ expression, event, locale }, { state: { person }, env }) {
    const { user, account } = person;
    return formatExpression(expression, { user, account, event: event ?? {} }, locale, env.timezone);
  },
  due(turn) {
    setTurns(turn);
    for (const one of openRuns(turn, ({ wait }) => wait !== null && wait <= turn.now))
      giveUpTarget(one, turn);
  },
  apply(turn) {
    const { input } = turn;
    const { local } = turn.state;
    switch (input.type) {
      case "config":
        resume(turn);
        setTurns(turn);
        return;
      case "identify":
      case "group":
        endLeft(turn);
        setTurns(turn);
        return;
      case "page":
        for (const open of local.open) open.moved = true;
        if (local.open.some(isAway)) askWaiting(turn);
        return;
      case "locale":
        for (const { run } of local.open) turn.stale.push(run);
        return;
      case "preferences":
        endUnwanted(turn);
        return;
      case "stop":
        endRuns(turn, "stopped", ({ flow }) => input.flow === undefined || flow === input.flow);
        return;
      case "merge":
        join(turn, input);
        checkSeen(turn);
        setTurns(turn);
        return;
      case "located":
        for (const one of openRuns(turn)) if (keyOf(currentStep(one)) === input.target) place(one, turn);
        return;
      case "exposed":
      case "action":
        for (const one of openRuns(turn))
          if (one.id === input.run)
            if (input.type === "action") act(one, turn, input.act);
            else {
              expose(one, turn, input.step);
              checkItems(turn, one.flow);
            }
        return;
      default:
        // The other inputs change nothing on screen by themselves.
        return;
    }
  },
};

/** Ends what is open for people of another kind: only attributes can take a person out of an audience. */
function endLeft(turn: Turn): void {
  for (const { open, flow, run } of openRuns(turn))
    if (
      flow.audience &&
      run.how !== "forced" &&
      truth(flow.audience, { ...turn, only: ["user", "account"] }) === false
    )
      endRun(turn, open, "audience-left");
}

/** Ends hints that the person no longer wants to see. */
function endUnwanted(turn: Turn): void {
  const { paused, categories, consent } = turn.state.shared.preferences;
  for (const { open, flow } of openRuns(turn))
    if (paused || consent !== "granted" || own(categories, flow.category ?? "") === false)
      endRun(turn, open, "stopped");
}
