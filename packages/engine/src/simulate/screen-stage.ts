import { course } from "../course.ts";
import type { EndReason } from "../decision.ts";
import type { RunId } from "../input.ts";
import { stage } from "../stage.ts";
import type { Course, Stage, Turn } from "../turn.ts";

/** What a person does in the next turn, beyond what inputs can say. */
export interface Doing {
  /** Leaves the page: these runs are left behind. */
  readonly leaves?: (run: RunId) => boolean;
  /** Has done all of this run. */
  readonly completes?: RunId;
}

export interface ScreenStage {
  /** The engine's own parts, with a person before them. */
  readonly parts: { readonly stage: Stage; readonly course: Course };
  /** Whose turn it is: the runs they ignore end with the session. */
  ignores: (run: RunId) => boolean;
  /** For the next turn alone. */
  next: Doing;
}

/**
 * The engine for a page without a screen. Nobody presses a button to leave a page, and nothing ticks the items of a
 * list by itself: such ends are not inputs, so they are made here, within the turn that brings them about.
 */
export function createScreenStage(): ScreenStage {
  const end = (turn: Turn, why: EndReason, which: (run: RunId) => boolean) => {
    for (const open of [...turn.state.local.open]) if (which(open.run)) course.end(turn, open, why);
  };
  const screen: ScreenStage = {
    parts: {
      stage: {
        ...stage,
        due(turn, over) {
          stage.due(turn, over);
          if (over) end(turn, "navigated", screen.ignores);
        },
      },
      course: {
        ...course,
        apply(turn) {
          const { leaves, completes } = screen.next;
          screen.next = NOTHING;
          if (leaves) end(turn, "navigated", leaves);
          if (completes !== undefined) end(turn, "completed", (run) => run === completes);
          course.apply(turn);
        },
      },
    },
    ignores: () => false,
    next: NOTHING,
  };
  return screen;
}

const NOTHING: Doing = {};
