/**
 * Typed tokens, never free CSS. Colours are `#rgb`, `#rrggbb` or `#rrggbbaa`; sizes are CSS pixels. A flow's theme is
 * laid over the one in the settings field by field. What cannot be read is mended where it is drawn, and lint names it.
 */
export interface Theme {
  /** @default "auto": as the person's system asks */
  readonly mode?: "light" | "dark" | "auto";
  readonly light?: Colours;
  readonly dark?: Colours;
  /** Of corners, 0–24. @default 12 */
  readonly radius?: number;
  /** Size: 12–24. @default the system's font at 14 */
  readonly font?: { readonly family?: string; readonly size?: number };
  /** Room inside a hint. @default "cosy" */
  readonly spacing?: "compact" | "cosy" | "roomy";
  /** What sets a hint off from the page. @default "soft" */
  readonly shadow?: "none" | "soft" | "deep";
  /** How hints come in. Nothing moves for people who have asked their system for that. @default "calm" */
  readonly motion?: "none" | "calm" | "lively";
}
export interface Colours {
  readonly surface?: string;
  readonly text?: string;
  readonly muted?: string;
  readonly accent?: string;
  readonly onAccent?: string;
  readonly border?: string;
}

/** What a theme says nothing about in light mode. */
export const LIGHT_COLOURS: Required<Colours> = {
  surface: "#ffffff",
  text: "#191c21",
  muted: "#5a616c",
  accent: "#0f6e66",
  onAccent: "#ffffff",
  border: "#dfe2e7",
};
/** The same in dark mode. */
export const DARK_COLOURS: Required<Colours> = {
  surface: "#202329",
  text: "#f2f4f6",
  muted: "#a9b0bb",
  accent: "#5bd0bf",
  onAccent: "#06231f",
  border: "#3b4049",
};
