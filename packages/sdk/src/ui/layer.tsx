import type { RunView } from "@cairn/engine";
import type { FlowId } from "@cairn/flow-schema";
import type { Message } from "./announcer.ts";
import { Card, isCentred } from "./card.tsx";
import type { Checklist } from "./checklist.tsx";
import type { Strings } from "./strings/strings.ts";
import type { AllowsUrl } from "./text.tsx";
import { tokensOf } from "./theme.ts";

/** One open run, as it is drawn. */
export interface Drawn {
  readonly view: RunView;
  readonly nth: number;
  readonly enter: boolean;
}

export interface LayerProps {
  readonly runs: readonly Drawn[];
  /** What the live region says. */
  readonly message: Message;
  readonly strings: Strings;
  readonly dark: boolean;
  /** `null` until its chunk is there. */
  readonly checklist: typeof Checklist | null;
  readonly collapsed: ReadonlyMap<FlowId, boolean>;
  readonly allowsUrl: AllowsUrl;
}

/** All that is on the page: the live region, then docked lists, then rings, then cards on top. */
export function Layer({ runs, message, strings, dark, checklist: List, collapsed, allowsUrl }: LayerProps) {
  const common = ({ view, nth, enter }: Drawn) => {
    return { view, nth, enter, strings, allowsUrl, tokens: tokensOf(view.theme, dark) };
  };
  const steps = runs.flatMap((run) => (run.view.step === null ? [] : [{ run, step: run.view.step }]));
  return (
    <>
      <div key="status" class="sr" role="status" lang={message.locale}>
        {message.text}
      </div>
      {runs.map(
        (run) =>
          List !== null &&
          run.view.items !== null && (
            <List
              key={run.view.run}
              items={run.view.items}
              collapsed={collapsed.get(run.view.flow) ?? false}
              {...common(run)}
            />
          ),
      )}
      {steps.map(
        ({ run, step }) =>
          run.view.kind === "tour" && (
            <div
              key={`ring ${run.view.run} ${step.id}`}
              class="spot"
              data-spot={run.view.run}
              data-center={isCentred(step) ? "" : undefined}
              data-enter={run.enter ? "" : undefined}
              style={{ ...common(run).tokens }}
            />
          ),
      )}
      {steps.map(({ run, step }) => (
        <Card key={`${run.view.run} ${step.id}`} step={step} {...common(run)} />
      ))}
    </>
  );
}
