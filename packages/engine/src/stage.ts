import { act } from "./act.ts";
import { endWaits } from "./answer.ts";
import { flowRules } from "./flow-rules.ts";
import { join } from "./merge.ts";
import { own } from "./own.ts";
import { checkItems, checkProgress } from "./progress.ts";
import { resume } from "./resume.ts";
import { askWaiting, endRun, expose, giveUpTarget, place } from "./runs.ts";
import { firstStep, isAway } from "./situation.ts";
import { contest } from "./slots.ts";
import { stageLeafTruth } from "./stage-leaf.ts";
import { setOpenings } from "./time-window.ts";
import { truth } from "./truth.ts";
import { endRuns, openRuns, type Stage, type Turn } from "./turn.ts";
import { currentStep } from "./view.ts";
import { updateViews, watchTargets } from "./watch.ts";

/** What deals with the screen: runs, steps, words, slots. */
export const stage: Stage = {
  contest,
  end: endRun,
  progress: checkProgress,
  rules: flowRules,
  leaf: stageLeafTruth,
  over: (turn) => endWaits(turn, true),
  due(turn) {
    for (const { flow, opens } of turn.state.local.queue)
      if (opens !== null && opens <= turn.now) turn.reopened.add(flow);
    endWaits(turn);
    setOpenings(turn);
    for (const one of openRuns(turn))
      if (one.open.wait !== null && one.open.wait <= turn.now) giveUpTarget(one, turn);
  },
  finish(turn) {
    updateViews(turn);
    watchTargets(turn);
  },
  apply(turn) {
    const { input } = turn;
    const { local } = turn.state;
    switch (input.type) {
      case "config":
        resume(turn);
        setOpenings(turn);
        return;
      case "identify":
      case "group":
        endLeft(turn);
        setOpenings(turn);
        return;
      case "guard":
        for (const { flow, reason } of local.queue) if (reason === "guard") turn.reopened.add(flow);
        return;
      case "page":
        for (const open of local.open) open.moved = true;
        if (local.open.some(isAway)) askWaiting(turn);
        return;
      case "locale":
        for (const { run } of local.open) turn.stale.add(run);
        return;
      case "preferences":
        endUnwanted(turn);
        return;
      case "stop":
        endRuns(turn, "stopped", ({ flow }) => input.flow === undefined || flow === input.flow);
        return;
      case "merge":
        join(turn, input.state);
        return;
      case "located":
        locatedAt(turn, input.target, input.found ? (input.rank ?? 0) : -1);
        return;
      case "exposed":
      case "action": {
        const one = openRuns(turn).find(({ id }) => id === input.run);
        if (!one) return;
        if (input.type === "action") act(one, turn, input.act);
        else {
          expose(one, turn, input.step);
          checkItems(turn, one.flow);
        }
        return;
      }
      default:
        // The other inputs change nothing on screen by themselves.
        return;
    }
  },
};

function locatedAt(turn: Turn, target: string, rank: number): void {
  const { local } = turn.state;
  local.located[target] = rank;
  for (const one of openRuns(turn)) if (currentStep(one)?.key === target) place(one, turn);
  for (const { reason, flow: id } of local.queue) {
    const flow = turn.compiled.flows.get(id);
    if (rank >= 0 && reason === "target-missing" && flow && firstStep(turn, flow)?.key === target)
      turn.reopened.add(id);
  }
}

/** Ends what is open for people of another kind: only attributes can take a person out of an audience. */
function endLeft(turn: Turn): void {
  const asked = { ...turn, only: ["user", "account"] };
  for (const { open, flow, run } of openRuns(turn))
    if (flow.audience && run.how !== "forced" && truth(flow.audience, asked) === false)
      endRun(turn, open, "audience-left");
}

/** Ends hints that the person no longer wants to see. */
function endUnwanted(turn: Turn): void {
  const { paused, categories, consent } = turn.state.shared.preferences;
  for (const { open, flow } of openRuns(turn))
    if (paused || consent !== "granted" || own(categories, flow.category ?? "") === false)
      endRun(turn, open, "stopped");
}
