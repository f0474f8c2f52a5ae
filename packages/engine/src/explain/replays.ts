import type { FlowId } from "@cairn/flow-schema";
import type { Compiled } from "../compiled.ts";
import { course } from "../course.ts";
import type { TextView } from "../effect.ts";
import { personalHold } from "../eligibility.ts";
import type { Env } from "../env.ts";
import { wasSeen } from "../seen.ts";
import { stage } from "../stage.ts";
import type { State } from "../user-state.ts";
import { speaker } from "../view.ts";

/** A tour that the person has seen and may see again. */
export interface Replay {
  readonly flow: FlowId;
  /** Title of the tour, else of its first step. */
  readonly title: TextView;
  /** BCP-47 tag of the title. */
  readonly locale: string;
}

/** The tours that a manual start would show to this person again, in the order they are published. Changes nothing. */
export function replays(known: Compiled, state: State, env: Env): readonly Replay[] {
  const compiled = known.course ? known : known.with({ stage, course });
  // Gates take arms for good; asking must leave no trace.
  const copy = JSON.parse(JSON.stringify(state)) as State;
  copy.now = Math.max(copy.now, env.now);
  const asked = { compiled, state: copy, env, now: copy.now };
  return [...compiled.flows.values()].flatMap((flow) => {
    const hold = flow.kind === "tour" && wasSeen(copy, flow.id) && personalHold(asked, flow, "manual");
    // One that is open can be seen as it is.
    if (hold !== null) return [];
    const { say, missing, locale } = speaker(asked, flow, undefined);
    const text = flow.title ?? flow.steps.find(({ title }) => title !== undefined)?.title;
    return text === undefined || missing() ? [] : [{ flow: flow.id, title: say(text), locale }];
  });
}
