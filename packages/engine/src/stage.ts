import { endWaits } from "./answer.ts";
import { flowRules } from "./flow-rules.ts";
import { firstStep } from "./situation.ts";
import { contest } from "./slots.ts";
import { stageLeafTruth } from "./stage-leaf.ts";
import type { Stage } from "./turn.ts";
import { keyOf } from "./view.ts";
import { watchTargets } from "./watch.ts";

/** What decides, and opens hints: gates, slots, words. */
export const stage: Stage = {
  contest,
  leaf: stageLeafTruth,
  rules: flowRules,
  finish: watchTargets,
  due(turn, over) {
    if (!over)
      for (const { flow, opens } of turn.state.local.queue)
        if (opens !== null && opens <= turn.now) turn.reopened.push(flow);
    endWaits(turn, over);
  },
  apply(turn) {
    const { input, state, compiled, reopened } = turn;
    const { queue, located } = state.local;
    if (input.type === "located") located[input.target] = input.found ? (input.rank ?? 0) : -1;
    for (const { flow: id, reason } of queue) {
      const flow = compiled.flows.get(id);
      const isOpen =
        input.type === "config"
          ? // What happened before the stage was there may have opened any gate.
            !state.session.over
          : input.type === "guard"
            ? reason === "guard"
            : input.type === "located" &&
              input.found &&
              reason === "target-missing" &&
              flow &&
              keyOf(firstStep(turn, flow)) === input.target;
      if (isOpen) reopened.push(id);
    }
  },
};
