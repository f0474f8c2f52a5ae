import { describe, expect, it } from "vitest";
import { createErrorReporter } from "./report-errors.ts";
import { storeUnavailable } from "./storage/store-unavailable.ts";

describe("createErrorReporter", () => {
  it("writes each bug, and refusals of the store once a second with their number", () => {
    const lines: Record<string, unknown>[] = [];
    let now = 0;
    const report = createErrorReporter(
      (fields) => lines.push(fields as Record<string, unknown>),
      () => now,
    );
    const refusal = storeUnavailable("The store could not write.", "database or disk is full");
    for (let i = 0; i < 500; i++) report(refusal, `r${i}`);
    report(new Error("bug"), "b1");
    report(new Error("bug"), "b2");
    now = 1_000;
    report(refusal, "later");
    expect(lines.map(({ requestId }) => requestId)).toEqual(["r0", "b1", "b2", "later"]);
    expect(lines[0]).toMatchObject({ cause: "database or disk is full" });
    expect(lines[3]?.likeItBefore).toBe(499);
  });
});
