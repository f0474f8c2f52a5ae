import { type Holdout, parseShare } from "@cairn/flow-schema";
import { bucket, pickByWeight } from "./bucket.ts";
import type { CompiledFlow } from "./compiled.ts";
import { own } from "./own.ts";
import type { Asked } from "./truth.ts";
import { personId } from "./user-state.ts";

type Arm = Holdout | null | undefined;

/** Where a person's unit falls for a seed: the account where one is known and asked for, else the person. */
function placeOf({ compiled, state: { person } }: Asked, seed: string, arm: Arm): number {
  const byUser = (arm ?? compiled.settings.holdout)?.by === "user";
  return bucket(seed, (byUser ? undefined : person.accountId) ?? personId(person));
}

/** The first arm taken stays. */
function sticky<T extends number | string | boolean>(
  { state }: Asked,
  seed: string,
  draw: () => T,
  take = true,
): T {
  const { shared, local, person, now } = state;
  const known = own(local.arms, seed) ?? own(shared.arms, seed);
  if (known) return known.arm as T;
  const arm = draw();
  if (take) (person.userId === undefined ? local : shared).arms[seed] = { arm, at: now };
  return arm;
}

/** Whether the rollout has reached this unit. The place in line stays, so a larger share only adds people. */
export function inRollout(asked: Asked, { id, rollout, holdout }: CompiledFlow): boolean {
  const seed = `${id}:rollout`;
  return rollout >= 1 || sticky(asked, seed, () => placeOf(asked, seed, holdout)) < rollout;
}

/** Which holdout keeps this unit from being guided, the program's first; `null` = none. */
export function heldOut(asked: Asked, flow: CompiledFlow): "program" | "flow" | null {
  const isOut = (seed: string, arm: Arm) =>
    !!arm && sticky(asked, seed, () => placeOf(asked, seed, arm) < (parseShare(arm.share) ?? 0));
  if (flow.critical) return null;
  if (isOut("cairn:holdout", asked.compiled.settings.holdout)) return "program";
  return isOut(`${flow.id}:holdout`, flow.holdout) ? "flow" : null;
}

/** The variant this unit gets, where the flow has any. `take` makes it the unit's for good. */
export function variantOf(asked: Asked, { id, variants = [], holdout }: CompiledFlow, take: boolean): string {
  if (!variants.length) return "";
  const seed = `${id}:variant`;
  return sticky(asked, seed, () => pickByWeight(variants, placeOf(asked, seed, holdout))?.id ?? "", take);
}

/** Whether an arm that decides about this flow was taken before the person had a name. */
export const isArmAnonymous = ({ state: { local } }: Asked, { id }: { readonly id: string }): boolean =>
  ["cairn", id].some((seed) =>
    ["holdout", "variant", "rollout"].some((arm) => own(local.arms, `${seed}:${arm}`)),
  );
