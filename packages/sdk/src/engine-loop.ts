import type { Compiled, Effect, Env, Input, State } from "@cairn/engine";
import { transition } from "@cairn/engine/core";

/** One input may lead to others (a target is found, an action starts a flow); more than this is a circle. */
const MAX_STEPS = 500;

export interface EngineLoop {
  readonly state: State;
  readonly compiled: Compiled;
  env(): Env;
  /** Hands an input to the engine and runs what it asks for. Inputs given meanwhile are taken in order. */
  dispatch(input: Input): void;
  /** New definitions, or another person's state; the engine is told. */
  use(what: { compiled: Compiled } | { state: State }): void;
}

/** Holds definitions and state, and turns the engine's wheel. */
export function createEngineLoop(ports: {
  compiled: Compiled;
  state: State;
  env: () => Env;
  run(effect: Effect): readonly Input[];
  changed(): void;
  report(error: unknown): void;
}): EngineLoop {
  const { env, run, report } = ports;
  let inbox: Input[] = [];
  let turning = false;

  function step(input: Input): void {
    const { compiled, state } = loop;
    // A new person's history begins with the definitions: between the two nothing can have been missed.
    const isNew = state.local.fresh && state.now === state.born;
    const result = transition(compiled, state, input, isNew ? { ...env(), now: state.born } : env());
    loop.state = result.state;
    const answers = result.effects.flatMap((effect) => {
      try {
        return run(effect);
      } catch (error) {
        report(error);
        return [];
      }
    });
    // Answers come before whatever else is waiting: the engine has suspended its decision for them.
    inbox = [...answers, ...inbox];
  }

  const loop = {
    state: ports.state,
    compiled: ports.compiled,
    env,
    dispatch(input: Input): void {
      inbox.push(input);
      if (turning) return;
      turning = true;
      let steps = 0;
      for (let next = inbox.shift(); next; next = inbox.shift())
        try {
          if (++steps > MAX_STEPS) {
            inbox = [];
            throw new Error("the engine's inputs go round in a circle");
          }
          step(next);
        } catch (error) {
          report(error);
        }
      turning = false;
      ports.changed();
    },
    use(what: { compiled?: Compiled; state?: State }): void {
      Object.assign(loop, what);
      loop.dispatch({ type: "config" });
    },
  };
  return loop;
}
