import { expect, it } from "vitest";
import { contrast } from "./contrast.ts";

it("is the contrast that WCAG gives", () => {
  expect(contrast("#000", "#fff")).toBeCloseTo(21, 5);
  expect(contrast("#767676", "#ffffff")).toBeCloseTo(4.54, 2);
  expect(contrast("#1f6feb", "#1F6FEB")).toBe(1);
});

it("leaves an alpha channel aside", () => {
  expect(contrast("#00000000", "#ffffffff")).toBeCloseTo(21, 5);
});
