import { contrast } from "@cairn/flow-schema";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { styles } from "./styles.ts";
import { tokensOf } from "./theme.ts";

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
      expect(tokens).toHaveLength(14);
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

  it("lets the page show through nothing that is read", () => {
    const t = tokensOf({ light: { surface: "#ffffff00", text: "#00000011", border: "#00000022" } }, false);
    expect([t["--c-surface"], t["--c-text"], t["--c-border"]]).toEqual(["#ffffff", "#000000", "#00000022"]);
  });

  it("is readable whatever colours it is given", () => {
    const colour = fc.integer({ min: 0, max: 0xffffff }).map((n) => `#${n.toString(16).padStart(6, "0")}`);
    const names = ["surface", "text", "muted", "accent", "onAccent", "border"] as const;
    const colours = fc.record(Object.fromEntries(names.map((name) => [name, colour])), { requiredKeys: [] });
    let tried = 0;
    fc.assert(
      fc.property(colours, fc.boolean(), (some, dark) => {
        tried++;
        const t = tokensOf(dark ? { mode: "dark", dark: some } : { mode: "light", light: some }, false);
        const of = (a: `--c-${string}`, b: `--c-${string}`) => contrast(t[a] ?? "", t[b] ?? "");
        for (const ink of ["--c-text", "--c-muted", "--c-link"] as const)
          expect(of(ink, "--c-surface"), ink).toBeGreaterThanOrEqual(4.5);
        expect(of("--c-on-accent", "--c-accent")).toBeGreaterThanOrEqual(4.5);
      }),
      { numRuns: 2000 },
    );
    expect(tried).toBe(2000);
  });

  it("never lets free CSS through", () => {
    const t = tokensOf(
      {
        light: { surface: "red;background:url(//x)", accent: "var(--x)" },
        radius: Number.NaN,
        font: { family: "x;}*{", size: 900 },
        spacing: "toString" as never,
        shadow: "0 0 0 9em red" as never,
        motion: "constructor" as never,
      },
      false,
    );
    expect(t["--c-surface"]).toBe("#ffffff");
    expect(t["--c-accent"]).toBe("#0f6e66");
    expect(t["--c-radius"]).toBe("12px");
    expect(t["--c-size"]).toBe("24px");
    expect([t["--c-pad"], t["--c-shadow"], t["--c-motion"]]).toEqual(
      ["--c-pad", "--c-shadow", "--c-motion"].map((name) => tokensOf({}, false)[name as "--c-pad"]),
    );
    expect(t["--c-font"]).not.toContain("}");
    for (const family of ["'Segoe UI, x", '"', `"a' b`, "'a' '"])
      expect(tokensOf({ font: { family } }, false)["--c-font"], family).toBe("system-ui, sans-serif");
    expect(tokensOf({ font: { family: "Inter, 'Segoe UI'" } }, false)["--c-font"]).toBe(
      "Inter, 'Segoe UI', system-ui, sans-serif",
    );
  });
});
