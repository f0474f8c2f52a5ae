import type { Theme } from "@cairn/flow-schema";
import { describe, expect, it } from "vitest";
import { lint } from "../../src/lint/index.ts";
import { BASE } from "./examples.ts";

const found = (settings: Theme, flow?: Theme) =>
  lint({ flows: [{ ...BASE, ...(flow && { theme: flow }) }], settings: { theme: settings } })
    .filter(({ code }) => code === "hard-to-read" || code === "see-through")
    .map(({ code, flow: id, path }) => `${code} ${id ?? "settings"} ${path}`);

describe("lint of themes", () => {
  it("finds nothing in the defaults, nor in a theme that can be read", () => {
    expect(found({})).toEqual([]);
    expect(found({ light: { accent: "#1f6feb", onAccent: "#fff" }, dark: { surface: "#111" } })).toEqual([]);
  });

  it("measures what is written against the default for what is not", () => {
    expect(found({ light: { surface: "#222222" } })).toEqual([
      "hard-to-read settings /theme/light/surface",
      "hard-to-read settings /theme/light/surface",
      "hard-to-read settings /theme/light/surface",
    ]);
    expect(found({ dark: { muted: "#666666" } })).toEqual(["hard-to-read settings /theme/dark/muted"]);
  });

  it("lays a flow's theme over the settings', and blames the one that spoils it", () => {
    const dark = {
      light: { surface: "#101418", text: "#fff", muted: "#ccc", accent: "#7cc7ff", onAccent: "#000" },
    };
    expect(found(dark)).toEqual([]);
    expect(found(dark, { light: { text: "#111111" } })).toEqual([
      "hard-to-read export-hint /theme/light/text",
    ]);
    expect(found({ light: { text: "#eee" } }, { light: { border: "#000" } })).toEqual([
      "hard-to-read settings /theme/light/text",
    ]);
  });

  it("says nothing of colours of a mode that nobody sees", () => {
    expect(found({ mode: "light", dark: { text: "#000" } })).toEqual([]);
    expect(found({ mode: "dark" }, { light: { text: "#fff" } })).toEqual([]);
    expect(found({ mode: "dark" }, { mode: "auto", light: { text: "#fff" } })).toEqual([
      "hard-to-read export-hint /theme/light/text",
    ]);
  });

  it("lets borders be faint, and takes ff for no alpha", () => {
    expect(found({ light: { border: "#00000011", text: "#000000ff" } })).toEqual([]);
    expect(found({ dark: { onAccent: "#00000080" } })).toEqual(["see-through settings /theme/dark/onAccent"]);
  });
});
