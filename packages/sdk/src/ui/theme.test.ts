import { describe, expect, it } from "vitest";
import { styles } from "./styles.ts";
import { contrast, tokensOf } from "./theme.ts";

describe("tokensOf", () => {
  it("is readable (AA) by default in light and dark", () => {
    for (const dark of [false, true]) {
      const t = tokensOf({}, dark);
      const of = (a: `--c-${string}`, b: `--c-${string}`) => contrast(t[a] ?? "", t[b] ?? "");
      expect(of("--c-text", "--c-surface")).toBeGreaterThan(12);
      expect(of("--c-muted", "--c-surface")).toBeGreaterThan(4.5);
      expect(of("--c-on-accent", "--c-accent")).toBeGreaterThan(4.5);
      expect(of("--c-link", "--c-surface")).toBeGreaterThan(4.5);
    }
  });

  it("has the defaults that the style sheet has for hints without a theme", () => {
    const [light = "", dark = ""] = [...styles.matchAll(/\.layer\{([^}]*--c-[^}]*)\}/g)].map(
      (rule) => rule[1],
    );
    for (const [isDark, css] of [
      [false, light],
      [true, `${light};${dark}`],
    ] as const) {
      const worn = new Map(
        [...css.matchAll(/(--c-[a-z-]+):([^;]+)/g)].map(([, name, value]) => [name, value]),
      );
      const long = (value = "") => value.replace(/^#(.)(.)(.)$/, "#$1$1$2$2$3$3").replace(", ", ",");
      const tokens = Object.entries(tokensOf({}, isDark));
      expect(tokens).toHaveLength(11);
      for (const [name, value] of tokens) expect(long(worn.get(name)), name).toBe(long(value));
    }
  });

  it("follows the system in mode auto and obeys a fixed mode", () => {
    expect(tokensOf({}, true)["--c-scheme"]).toBe("dark");
    expect(tokensOf({ mode: "light" }, true)["--c-scheme"]).toBe("light");
    expect(tokensOf({ mode: "dark" }, false)["--c-scheme"]).toBe("dark");
  });

  it("mends colours that cannot be read", () => {
    const t = tokensOf({ light: { surface: "#fff", text: "#eee", muted: "#ddd", accent: "#ffee00" } }, false);
    expect(t["--c-text"]).toBe("#000000");
    expect(t["--c-muted"]).toBe("#000000");
    expect(t["--c-on-accent"]).toBe("#000000");
    expect(t["--c-link"]).toBe("#000000");
  });

  it("never lets free CSS through", () => {
    const t = tokensOf(
      {
        light: { surface: "red;background:url(//x)", accent: "var(--x)" },
        radius: Number.NaN,
        font: { family: "x;}*{", size: 900 },
      },
      false,
    );
    expect(t["--c-surface"]).toBe("#ffffff");
    expect(t["--c-accent"]).toBe("#0f6e66");
    expect(t["--c-radius"]).toBe("12px");
    expect(t["--c-size"]).toBe("20px");
    expect(t["--c-font"]).not.toContain("}");
  });

  it("knows the contrast that WCAG gives", () => {
    expect(contrast("#000", "#fff")).toBeCloseTo(21, 5);
    expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
  });
});
