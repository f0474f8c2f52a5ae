import { expect, it } from "vitest";
import type { Fresh } from "./fixtures.ts";

/** Keys, and the probe. */
export function describeKeys(fresh: Fresh): void {
  it("keeps keys, and answers a probe", async () => {
    const storage = await fresh();
    const key = { hash: "h", kind: "secret", environment: "one", createdAt: 1 } as const;
    await storage.addKey(key);
    expect(await storage.keys()).toEqual([key]);
    await storage.probe(1);
    await storage.probe(2);
  });
}
