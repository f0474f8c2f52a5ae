import {
  AA_CONTRAST,
  type Colours,
  contrast,
  DARK_COLOURS,
  LIGHT_COLOURS,
  type Theme,
} from "@cairn/flow-schema";

/** Custom properties by name, ready for `style.setProperty`. */
export type Tokens = { readonly [property: `--c-${string}`]: string };

const SPACES = { compact: 12, cosy: 16, roomy: 20 };
const SHADOWS = {
  none: "none",
  soft: "0 1px 2px #0002,0 12px 32px -8px #0004",
  deep: "0 2px 6px #0003,0 24px 64px -12px #0008",
};
/** What lengths of time are multiplied by. */
const MOTIONS = { none: 0, calm: 1, lively: 1.6 };

/** The theme as custom properties. Values of a wrong shape give way to the default, colours too pale to read are mended. */
export function tokensOf(theme: Theme, systemDark: boolean): Tokens {
  const dark = theme.mode === "dark" || (theme.mode !== "light" && systemDark);
  const base = dark ? DARK_COLOURS : LIGHT_COLOURS;
  const wanted = (dark ? theme.dark : theme.light) ?? {};
  const written = (name: keyof Colours): string | undefined => {
    const colour = wanted[name] ?? "";
    return /^#([\da-f]{3}|([\da-f]{2}){3,4})$/i.test(colour) ? colour : undefined;
  };
  // The page must not show through what is read; a line may be faint.
  const pick = (name: keyof Colours): string => (written(name) ?? base[name]).replace(/^(#.{6})..$/, "$1");
  const surface = pick("surface");
  const text = readable(pick("text"), surface);
  const accent = pick("accent");
  const muted = pick("muted");
  return {
    "--c-surface": surface,
    "--c-text": text,
    "--c-muted": isReadable(muted, surface) ? muted : text,
    "--c-accent": accent,
    "--c-on-accent": readable(pick("onAccent"), accent),
    // Accent as ink on the surface (links, ticks): falls back to the text's own colour.
    "--c-link": isReadable(accent, surface) ? accent : text,
    "--c-border": written("border") ?? base.border,
    "--c-scheme": dark ? "dark" : "light",
    "--c-radius": `${clamp(theme.radius, 0, 24, 12)}px`,
    "--c-size": `${clamp(theme.font?.size, 12, 24, 14)}px`,
    "--c-font": fontOf(theme.font?.family),
    "--c-pad": `${oneOf(SPACES, theme.spacing, "cosy")}px`,
    "--c-shadow": oneOf(SHADOWS, theme.shadow, "soft"),
    "--c-motion": `${oneOf(MOTIONS, theme.motion, "calm")}`,
  };
}

const isReadable = (colour: string, ground: string) => contrast(colour, ground) >= AA_CONTRAST;

/** The colour itself where it can be read on `ground`, else black or white. */
function readable(colour: string, ground: string): string {
  // Where white cannot be read either, black can: of the two, one has a contrast of at least 4.58.
  const tries = [colour, "#ffffff"];
  return tries.find((each) => isReadable(each, ground)) ?? "#000000";
}

function clamp(value: unknown, least: number, most: number, otherwise: number): number {
  return typeof value === "number" && value >= 0 ? Math.min(most, Math.max(least, value)) : otherwise;
}

function oneOf<T extends object, K extends keyof T>(values: T, name: unknown, otherwise: K): T[keyof T] {
  return Object.hasOwn(values, name as string) ? values[name as keyof T] : values[otherwise];
}

const SYSTEM_FONT = "system-ui, sans-serif";

function fontOf(family: unknown): string {
  return typeof family === "string" && /^[\p{L}\p{N} ,'"_-]{1,200}$/u.test(family) && isBalanced(family)
    ? `${family}, ${SYSTEM_FONT}`
    : SYSTEM_FONT;
}

/** An open quote would swallow what stands behind it. */
const isBalanced = (family: string) =>
  [...family.matchAll(/"[^"]*"|'[^']*'|["']/g)].every(([quoted]) => quoted.length > 1);
