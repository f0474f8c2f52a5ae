import type { RunView } from "@cairn/engine";
import type { FlowId } from "@cairn/flow-schema";
import { Card, isCentred } from "./card.tsx";
import type { Checklist } from "./checklist.tsx";
import type { Beacon } from "./hotspot.tsx";
import type { Kit } from "./text.tsx";

/** One open run, as it is drawn. */
export interface Drawn {
  readonly view: RunView;
  readonly nth: number;
  readonly enter: boolean;
}

export interface LayerProps {
  readonly runs: readonly Drawn[];
  /** What the live region says. */
  readonly said: { readonly text: string; readonly locale: string };
  readonly kit: Kit;
  readonly dark: boolean;
  /** `undefined` where its chunk did not come. */
  readonly list: typeof Checklist | undefined;
  readonly beacon: typeof Beacon | undefined;
  readonly collapsed: ReadonlyMap<FlowId, boolean>;
}

/** All that is on the page: the live region, then docked lists, then rings, then cards on top. */
export function Layer({ runs, said, kit, dark, list: List, beacon: Dot, collapsed }: LayerProps) {
  const lists = [];
  const rings = [];
  const cards = [];
  const { rich } = kit;
  for (const { view, nth, enter } of runs) {
    const { run, step, items, kind, flow, theme } = view;
    const common = { view, nth, enter, kit, tokens: rich?.tokensOf(theme, dark) };
    const key = `${run} ${step?.id}`;
    const isFolded = collapsed.get(flow) ?? false;
    const isSpot = kind === "hotspot" && step?.target && Dot;
    if (step) {
      if (isSpot) rings.push(<Dot key={`dot ${key}`} step={step} open={!isFolded} {...common} />);
      if (!isSpot || !isFolded) cards.push(<Card key={key} step={step} {...common} />);
      if (kind === "tour" && rich)
        rings.push(<rich.Spot key={`ring ${key}`} run={run} centred={isCentred(step)} {...common} />);
    } else if (items && List) lists.push(<List key={key} items={items} collapsed={isFolded} {...common} />);
  }
  return (
    <>
      <div class="sr" role="status" lang={said.locale}>
        {said.text}
      </div>
      {lists}
      {rings}
      {cards}
    </>
  );
}
