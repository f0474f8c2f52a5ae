import type { Level } from "@cairn/flow-schema";
import { bucket, pickByWeight } from "./bucket.ts";
import type { Compiled, CompiledFlow } from "./compile.ts";
import { own } from "./own.ts";
import { personId, type State } from "./user-state.ts";

/** Whom an arm is drawn for: the account where one is known and asked for, else the person. */
function unitOf({ holdout }: Compiled, state: State, flow: CompiledFlow | null): string {
  const by: Level = (flow ?? { holdout }).holdout?.by ?? holdout?.by ?? "account";
  return by === "account" && state.person.accountId !== undefined
    ? state.person.accountId
    : personId(state.person);
}

/** The first arm taken stays; until one is taken this only looks. */
function sticky<T extends number | string | boolean>(
  state: State,
  seed: string,
  take: boolean,
  draw: () => T,
): T {
  const known = own(state.shared.arms, seed);
  if (known) return known.arm as T;
  const arm = draw();
  if (take) state.shared.arms[seed] = { arm, at: state.now };
  return arm;
}

/** Whether the rollout has reached this unit. The place in line stays, so a larger share only adds people. */
export function inRollout(compiled: Compiled, state: State, flow: CompiledFlow): boolean {
  if (flow.rollout >= 1) return true;
  const seed = `${flow.id}:rollout`;
  return sticky(state, seed, true, () => bucket(seed, unitOf(compiled, state, flow))) < flow.rollout;
}

/** Which holdout keeps this unit from being guided, the program's first; `null` = none. */
export function heldOut(compiled: Compiled, state: State, flow: CompiledFlow): "program" | "flow" | null {
  if (flow.flow.critical) return null;
  const program = compiled.holdout;
  if (
    program &&
    sticky(
      state,
      "cairn:holdout",
      true,
      () => bucket("cairn:holdout", unitOf(compiled, state, null)) < program.share,
    )
  )
    return "program";
  const { holdout } = flow;
  const seed = `${flow.id}:holdout`;
  if (holdout && sticky(state, seed, true, () => bucket(seed, unitOf(compiled, state, flow)) < holdout.share))
    return "flow";
  return null;
}

/** The variant this unit gets, where the flow has any. `take` makes it the unit's for good. */
export function variantOf(
  compiled: Compiled,
  state: State,
  flow: CompiledFlow,
  take: boolean,
): string | undefined {
  if (flow.variants.length === 0) return undefined;
  const seed = `${flow.id}:variant`;
  return sticky(
    state,
    seed,
    take,
    () => pickByWeight(flow.variants, bucket(seed, unitOf(compiled, state, flow)))?.id ?? "",
  );
}
