import type { Action, Config, Flow, Step } from "@cairn/flow-schema";
import { bucket } from "../bucket.ts";
import type { RunId } from "../input.ts";

/** What becomes of a hint that is shown. */
export type Reply = "ignore" | "dismiss" | "complete";

/** How people answer in a replay: all alike, or each run by chance, a third each way. */
export type Respond = Reply | { readonly random: string };

/** Reads `ignore`, `dismiss`, `complete` or `random:SEED`; `undefined` for anything else. */
export function parseRespond(text: string): Respond | undefined {
  if (text === "ignore" || text === "dismiss" || text === "complete") return text;
  const [, seed] = /^random:(.+)$/.exec(text) ?? [];
  return seed === undefined ? undefined : { random: seed };
}

/**
 * The answer to one run. Chance hangs on the seed and the run alone, so a change to one flow does not deal anew for
 * all others.
 */
export function replyTo(respond: Respond, run: RunId): Reply {
  if (typeof respond === "string") return respond;
  const point = bucket(`${respond.random}:reply`, run);
  return point < 1 / 3 ? "ignore" : point < 2 / 3 ? "dismiss" : "complete";
}

/** A button that no author can write, as its id is none: takes a step as done, by whatever route it has. */
export const NEXT = "replay:next";

const onwards = { id: NEXT, label: "", do: "next" } as unknown as Action;

const withNext = (steps: readonly Step[]): readonly Step[] =>
  steps.map((step) => ({ ...step, actions: [...(step.actions ?? []), onwards] }));

/** The same definitions, with a way on from each step for people who complete what they are shown. */
export function passable(config: Config): Config {
  const flows = config.flows.map((flow): Flow => {
    if (flow.kind === "checklist" || !Array.isArray(flow.steps)) return flow;
    return {
      ...flow,
      steps: withNext(flow.steps),
      ...(flow.variants && {
        variants: flow.variants.map((arm) => ({ ...arm, ...(arm.steps && { steps: withNext(arm.steps) }) })),
      }),
    } as Flow;
  });
  return { ...config, flows };
}
