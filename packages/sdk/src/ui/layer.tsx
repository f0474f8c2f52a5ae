import type { RunView } from "@cairn/engine";
import type { FlowId } from "@cairn/flow-schema";
import type { Message } from "./announcer.ts";
import { Card, isCentred } from "./card.tsx";
import type { Checklist } from "./checklist.tsx";
import type { Kit } from "./text.tsx";
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
  readonly kit: Kit;
  readonly dark: boolean;
  /** `null` where its chunk did not come. */
  readonly checklist: typeof Checklist | null;
  readonly collapsed: ReadonlyMap<FlowId, boolean>;
}

/** All that is on the page: the live region, then docked lists, then rings, then cards on top. */
export function Layer({ runs, message, kit, dark, checklist: List, collapsed }: LayerProps) {
  const lists = [];
  const rings = [];
  const cards = [];
  for (const { view, nth, enter } of runs) {
    const { run, step, items } = view;
    const common = { view, nth, enter, kit, tokens: tokensOf(view.theme, dark) };
    const key = `${run} ${step?.id}`;
    if (step !== null) {
      cards.push(<Card key={key} step={step} {...common} />);
      if (view.kind === "tour" && kit.rich !== null)
        rings.push(<kit.rich.Spot key={`ring ${key}`} run={run} centred={isCentred(step)} {...common} />);
    } else if (items !== null && List !== null)
      lists.push(<List key={key} items={items} collapsed={collapsed.get(view.flow) ?? false} {...common} />);
  }
  return (
    <>
      <div class="sr" role="status" lang={message.locale}>
        {message.text}
      </div>
      {lists}
      {rings}
      {cards}
    </>
  );
}
