import type { Compiled, Effect, Env, Input, State } from "@cairn/engine";
import { transition } from "@cairn/engine/core";

/** One input may lead to others (a target is found, an action starts a flow); more than this is a circle. */
const MAX_STEPS = 500;

export interface EngineLoop {
  /** Hands an input to the engine and runs what it asks for. Inputs given meanwhile are taken in order. */
  dispatch(input: Input): void;
  state(): State;
  env(): Env;
  compiled(): Compiled;
  /** New definitions; the engine is told. */
  use(compiled: Compiled): void;
  /** Another person's state; the engine is told. */
  replace(state: State): void;
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
  let { compiled, state } = ports;
  let inbox: Input[] = [];
  let turning = false;

  function step(input: Input): void {
    try {
      const env = ports.env();
      // A new person's history begins with the definitions: between the two nothing can have been missed.
      const isNew = state.local.fresh && state.now === state.born;
      const result = transition(compiled, state, input, isNew ? { ...env, now: state.born } : env);
      state = result.state;
      const answers: Input[] = [];
      for (const effect of result.effects) {
        try {
          answers.push(...ports.run(effect));
        } catch (error) {
          ports.report(error);
        }
      }
      // Answers come before whatever else is waiting: the engine has suspended its decision for them.
      inbox.unshift(...answers);
    } catch (error) {
      ports.report(error);
    }
  }

  function dispatch(input: Input): void {
    inbox.push(input);
    if (turning) return;
    turning = true;
    let steps = 0;
    for (let next = inbox.shift(); next; next = inbox.shift()) {
      if (++steps > MAX_STEPS) {
        inbox = [];
        ports.report(new Error("the engine's inputs go round in a circle"));
        break;
      }
      step(next);
    }
    turning = false;
    ports.changed();
  }

  return {
    dispatch,
    state: () => state,
    env: ports.env,
    compiled: () => compiled,
    use(next) {
      compiled = next;
      dispatch({ type: "config" });
    },
    replace(next) {
      state = next;
      dispatch({ type: "config" });
    },
  };
}
