import { useStudio } from "../shell/studio-context.ts";
import type { FlowSummary } from "./flow-api.ts";

/** What waits for somebody: a question that nobody has answered, or a draft to be mended. */
export function ReviewChip(props: { readonly flow: Pick<FlowSummary, "review"> }) {
  const { words } = useStudio();
  const { review } = props.flow;
  return review === null ? null : <span class={`chip ${review}`}>{words.review.states[review]}</span>;
}

export type ShownState = "draft" | "published" | "changed" | "disabled";

/** One word for where a flow stands; a live flow that is switched off counts as disabled. */
export function stateOf(flow: Pick<FlowSummary, "state" | "enabled">): ShownState {
  return flow.enabled ? flow.state : "disabled";
}

/** The state as a chip: colour, shape and words say the same. */
export function StateChip(props: { readonly flow: Pick<FlowSummary, "state" | "enabled" | "version"> }) {
  const { words } = useStudio();
  const state = stateOf(props.flow);
  return <span class={`chip ${state}`}>{words.flows.stateFull[state](props.flow.version ?? 0)}</span>;
}
