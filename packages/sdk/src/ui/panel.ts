import type { RunView } from "@cairn/engine";
import type { ComponentChildren, VNode } from "preact";
import type { Kit } from "./text.tsx";
import type { Tokens } from "./theme.ts";

export interface PanelProps {
  readonly view: RunView;
  readonly nth: number;
  readonly kit: Kit;
  readonly tokens: Tokens | undefined;
  readonly enter: boolean;
  /** The live region, which has to stand inside a modal. */
  readonly children?: ComponentChildren;
}

/** Something of Cairn's own that stands over the page and belongs to no flow; drawn as a modal. */
export interface Panel {
  readonly styles: string;
  Draw(props: PanelProps): VNode | null;
  /** A button in it was pressed. Whether that closes it; else it is drawn anew. */
  act?(id: string): boolean;
}
