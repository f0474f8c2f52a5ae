import { useStudio } from "../shell/studio-context.ts";
import { changesBetween } from "./diff.ts";
import { StateChip } from "./flow-state.tsx";
import type { FlowWork } from "./use-flow-work.ts";

/** What the flow is called and how it stands, with the two buttons of every day: save and publish. */
export function FlowHead(props: {
  readonly work: FlowWork;
  /** An old version is in the editor, which cannot be saved. */
  readonly viewing: boolean;
  readonly archived: boolean;
  /** One may not publish alone, and asks instead. */
  readonly asks: boolean;
  /** One has asked already. */
  readonly asked: boolean;
}) {
  const { words } = useStudio();
  const { work, viewing, archived, asks, asked } = props;
  const { live, lastGood: flow } = work;
  const changed = live !== undefined && changesBetween(live.flow, flow).length > 0;
  const summary = {
    enabled: flow.enabled ?? true,
    version: live?.version ?? null,
    state: live === undefined ? "draft" : changed ? "changed" : "published",
  } as const;
  return (
    <div class="page-head flow-head">
      <div class="titles">
        <h1>{flow.name ?? flow.id}</h1>
        <div class="facts">
          <code>{work.id}</code>
          <span>{words.flows.kind[flow.kind]}</span>
          <StateChip flow={summary} />
        </div>
      </div>
      <div class="actions">
        <span class="muted" role="status">
          {work.busy ? words.flow.saving : work.dirty ? words.flow.unsaved : words.flow.saved}
        </span>
        <button
          type="button"
          class="button"
          disabled={!work.dirty || work.busy || viewing}
          onClick={() => work.save()}
        >
          {words.flow.save}
        </button>
        <button
          type="button"
          class="button primary"
          disabled={!work.sound || work.busy || viewing || archived || asked}
          title={work.sound ? undefined : words.flow.fixFirst}
          onClick={() => work.setQuestion({ type: asks ? "ask" : "publish" })}
        >
          {asked ? words.review.asked : asks ? words.review.ask : words.flow.publish}
        </button>
      </div>
    </div>
  );
}
