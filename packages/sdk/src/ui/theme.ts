import type { Colours, Theme } from "@cairn/flow-schema";

const LIGHT: Required<Colours> = {
  surface: "#ffffff",
  text: "#191c21",
  muted: "#5a616c",
  accent: "#0f6e66",
  onAccent: "#ffffff",
  border: "#dfe2e7",
};
const DARK: Required<Colours> = {
  surface: "#202329",
  text: "#f2f4f6",
  muted: "#a9b0bb",
  accent: "#5bd0bf",
  onAccent: "#06231f",
  border: "#3b4049",
};

/** Custom properties by name, ready for `style.setProperty`. */
export type Tokens = { readonly [property: `--c-${string}`]: string };

/** WCAG AA for text. */
const AA = 4.5;

/** The theme as custom properties. Values of a wrong shape give way to the default, colours too pale to read are mended. */
export function tokensOf(theme: Theme, systemDark: boolean): Tokens {
  const dark = theme.mode === "dark" || (theme.mode !== "light" && systemDark);
  const base = dark ? DARK : LIGHT;
  const wanted = (dark ? theme.dark : theme.light) ?? {};
  const pick = (name: keyof Colours): string => {
    const colour = wanted[name] ?? "";
    return /^#([\da-f]{3}|([\da-f]{2}){3,4})$/i.test(colour) ? colour : base[name];
  };
  const surface = pick("surface");
  const text = readable(pick("text"), surface);
  const accent = pick("accent");
  const muted = pick("muted");
  return {
    "--c-surface": surface,
    "--c-text": text,
    "--c-muted": contrast(muted, surface) < AA ? text : muted,
    "--c-accent": accent,
    "--c-on-accent": readable(pick("onAccent"), accent),
    // Accent as ink on the surface (links, ticks): falls back to the text's own colour.
    "--c-link": contrast(accent, surface) < AA ? text : accent,
    "--c-border": pick("border"),
    "--c-scheme": dark ? "dark" : "light",
    "--c-radius": `${clamp(theme.radius, 0, 24, 12)}px`,
    "--c-size": `${clamp(theme.font?.size, 12, 20, 14)}px`,
    "--c-font": fontOf(theme.font?.family),
  };
}

/** The colour itself where it can be read on `ground`, else black or white. */
function readable(colour: string, ground: string): string {
  // Where white cannot be read either, black can: of the two, one has a contrast of at least 4.58.
  const tries = [colour, "#ffffff"];
  return tries.find((each) => contrast(each, ground) >= AA) ?? "#000000";
}

/** WCAG 2 contrast of two colours, 1–21; alpha is left aside. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function luminance(hex: string): number {
  const long = hex.length < 6 ? hex.replace(/[^#]/g, "$&$&") : hex;
  return [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => {
    const c = Number(`0x${long.slice(at * 2 + 1, at * 2 + 3)}`) / 255;
    return sum + weight * (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  }, 0);
}

function clamp(value: unknown, least: number, most: number, otherwise: number): number {
  return typeof value === "number" && value >= 0 ? Math.min(most, Math.max(least, value)) : otherwise;
}

const SYSTEM_FONT = "system-ui, sans-serif";

function fontOf(family: unknown): string {
  return typeof family === "string" && /^[\p{L}\d ,'"-]{1,200}$/u.test(family)
    ? `${family}, ${SYSTEM_FONT}`
    : SYSTEM_FONT;
}
