import type { Compiled, Effect, Env, Input, State } from "@cairn/engine";
import { transition } from "@cairn/engine/core";

/** One input may lead to others (a target is found, an action starts a flow); more than this is a circle. */
const MAX_STEPS = 500;
/** More inputs than this do not wait for a part of the engine that does not come. */
const MAX_INBOX = 1_000;

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

  /** While something is open and the engine's course is not there, all else waits for it. */
  function take(): Input | undefined {
    const { compiled, state } = loop;
    const isStuck = compiled.stage && !compiled.course && state.local.open.length > 0;
    return isStuck && inbox[0]?.type !== "config" ? undefined : inbox.shift();
  }

  const loop = {
    state: ports.state,
    compiled: ports.compiled,
    env,
    dispatch(input: Input): void {
      // New definitions are what a hint that is open may be waiting for.
      if (input.type === "config") inbox.unshift(input);
      else if (inbox.length < MAX_INBOX) inbox.push(input);
      if (turning) return;
      turning = true;
      let steps = 0;
      for (let next = take(); next; next = take())
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
