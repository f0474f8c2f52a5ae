import type { RunView } from "@cairn/engine";
import type { FlowId } from "@cairn/flow-schema";
import type { VNode } from "preact";
import { Card, isCentred } from "./card.tsx";
import type { Checklist } from "./checklist.tsx";
import type { Beacon } from "./hotspot.tsx";
import type { Panel } from "./panel.ts";
import type { Kit } from "./text.tsx";

/** One open run, as it is drawn. */
export interface Drawn {
  readonly view: RunView;
  readonly nth: number;
  readonly enter: boolean;
  /** Of a panel, which is drawn instead of a hint. */
  readonly Draw?: Panel["Draw"];
}

export interface LayerProps {
  readonly runs: readonly Drawn[];
  /** What the live region says. */
  readonly said: { readonly text: string; readonly locale: string; readonly seen: boolean };
  readonly kit: Kit;
  readonly dark: boolean;
  /** `undefined` where its chunk did not come. */
  readonly list: typeof Checklist | undefined;
  readonly beacon: typeof Beacon | undefined;
  readonly collapsed: ReadonlyMap<FlowId, boolean>;
}

/** All that is on the page: the live region, then docked lists, then rings, then cards, and on top what was asked for. */
export function Layer({ runs, said, kit, dark, list: List, beacon: Dot, collapsed }: LayerProps) {
  const lists = [];
  const rings = [];
  const cards: VNode[] = [];
  const asked: VNode[] = [];
  const { rich } = kit;
  const status = (
    <div class={said.seen ? "toast" : "sr"} role="status" lang={said.locale}>
      {said.text}
    </div>
  );
  // Outside a modal nothing is read out.
  const modal = kit.windows && runs.filter(({ view }) => view.kind === "modal").at(-1);
  for (const { view, nth, enter, Draw } of runs) {
    const { run, step, items, kind, flow, theme } = view;
    const common = { view, nth, enter, kit, tokens: rich?.tokensOf(theme, dark) };
    const key = `${run} ${step?.id}`;
    const isFolded = collapsed.get(flow) ?? false;
    const said = modal?.view === view && status;
    const isSpot = kind === "hotspot" && step?.target && Dot;
    if (Draw)
      cards.push(
        <Draw key={key} {...common}>
          {said}
        </Draw>,
      );
    else if (step && kit.windows?.isWindow(view))
      cards.push(
        <kit.windows.Window key={key} step={step} {...common}>
          {said}
        </kit.windows.Window>,
      );
    else if (step) {
      if (isSpot) rings.push(<Dot key={`dot ${key}`} step={step} open={!isFolded} {...common} />);
      if (!isSpot || !isFolded) (isSpot ? asked : cards).push(<Card key={key} step={step} {...common} />);
      if (kind === "tour" && rich)
        rings.push(<rich.Spot key={`ring ${key}`} run={run} centred={isCentred(step)} {...common} />);
    } else if (items && List) lists.push(<List key={key} items={items} collapsed={isFolded} {...common} />);
  }
  return (
    <>
      {!modal && status}
      {lists}
      {rings}
      {cards}
      {asked}
    </>
  );
}
