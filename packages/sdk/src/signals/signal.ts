import type { Input } from "@cairn/engine";
import type { SignalName, TargetKey } from "@cairn/flow-schema";
import type { Listen } from "../dom/listen.ts";
import type { Clock, Guard } from "../ports.ts";

/** What the engine is told. */
export type Signal = Omit<Extract<Input, { type: "signal" }>, "type">;

/** A signal that some condition asks for. */
export interface WantedSignal {
  readonly name: SignalName;
  /** `for`, in ms; -1 = not written. */
  readonly ms: number;
  /** Percent, for `scroll`. */
  readonly depth: number | undefined;
}

export interface SignalPorts {
  readonly window: Window & typeof globalThis;
  readonly clock: Clock;
  readonly guard: Guard;
  readonly listen: Listen;
  /** Keys of the targets asked for that this element is, or is in. */
  targetsOf(element: Element): readonly TargetKey[];
  seen(signal: Signal): void;
}

/** Watches for one kind of signal. */
export interface Watcher {
  /** The person is on another page of the product: what is counted per page begins anew. */
  moved?(): void;
  dispose(): void;
}
