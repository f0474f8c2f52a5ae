import { describe, expect, it } from "vitest";
import { bucket, pickByWeight } from "./bucket.ts";

describe("bucket", () => {
  it("gives what GrowthBook's hash of version 2 gives", () => {
    // What `hash(seed, value, 2)` of @growthbook/growthbook 1.8.0 answers.
    expect(bucket("", "a")).toBe(0.0216);
    expect(bucket("", "b")).toBe(0.9054);
    expect(bucket("b", "a")).toBe(0.665);
    expect(bucket("foo", "ab")).toBe(0.2575);
    expect(bucket("89123", "def")).toBe(0.3306);
    expect(bucket("cairn:holdout", "acme")).toBe(0.032);
    expect(bucket("é", "ü")).toBe(0.8032);
  });

  it("spreads people evenly", () => {
    const share = Array.from({ length: 20_000 }, (_, i) => bucket("cairn:holdout", `user-${i}`)).filter(
      (point) => point < 0.1,
    ).length;
    expect(share / 20_000).toBeGreaterThan(0.09);
    expect(share / 20_000).toBeLessThan(0.11);
  });

  it("picks by weight, whatever the weights sum to", () => {
    const arms = [
      { id: "a", weight: 1 },
      { id: "b", weight: 3 },
    ];
    expect(pickByWeight(arms, 0)?.id).toBe("a");
    expect(pickByWeight(arms, 0.2499)?.id).toBe("a");
    expect(pickByWeight(arms, 0.25)?.id).toBe("b");
    expect(pickByWeight(arms, 0.9999)?.id).toBe("b");
  });
});
