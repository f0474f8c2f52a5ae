/** What the engine cannot know by itself and must not ask for: handed in with each input. */
export interface Env {
  /** Epoch milliseconds. The engine's clock never goes back: it uses `max(now, state.now)`. */
  readonly now: number;
  /** IANA name, `"Europe/Berlin"`; `"UTC"` where unknown. */
  readonly timezone: string;
  readonly device: Device;
}

export interface Device {
  /** Width of the viewport in CSS pixels. */
  readonly width: number;
  readonly height: number;
  readonly touch: boolean;
}
