import { describe, expect, it } from "vitest";
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
