import type { FeatureActivation } from "@cairn/server";
import { useStudio } from "../shell/studio-context.ts";
import { STATES } from "./states.ts";

/** The states at a glance: one bar, as long as everyone who may use the feature. */
export function Strata(props: { readonly states: FeatureActivation["states"] }) {
  const { words } = useStudio();
  const { states } = props;
  const label = STATES.map((state) => `${words.activation.states[state]}: ${states[state]}`).join(", ");
  return (
    <div class="strata" role="img" aria-label={label}>
      {STATES.map((state) =>
        states[state] > 0 ? <span key={state} class={state} style={{ flexGrow: states[state] }} /> : null,
      )}
    </div>
  );
}
