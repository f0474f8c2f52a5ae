/** Typed tokens, never free CSS. Colours are `#rgb`, `#rrggbb` or `#rrggbbaa`; sizes are CSS pixels. */
export interface Theme {
  /** @default "auto": as the person's system asks */
  readonly mode?: "light" | "dark" | "auto";
  readonly light?: Colours;
  readonly dark?: Colours;
  readonly radius?: number;
  readonly font?: { readonly family?: string; readonly size?: number };
}
export interface Colours {
  readonly surface?: string;
  readonly text?: string;
  readonly muted?: string;
  readonly accent?: string;
  readonly onAccent?: string;
  readonly border?: string;
}
