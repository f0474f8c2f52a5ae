import fc from "fast-check";
import { expect, it } from "vitest";
import { createSeenIds } from "./seen-ids.ts";

it("tells new ids from known ones as a set does", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3 })), (ids) => {
      const seen = createSeenIds();
      const set = new Set<string>();
      for (const id of ids) {
        expect(seen.add(id)).toBe(!set.has(id));
        set.add(id);
      }
    }),
    { numRuns: 1_000 },
  );
});

it("takes no two of 200,000 similar ids for one another", () => {
  const seen = createSeenIds();
  let fresh = 0;
  for (let i = 0; i < 200_000; i++)
    if (seen.add(`0195555a-7c11-7000-8000-${i.toString(16).padStart(12, "0")}`)) fresh++;
  expect(fresh).toBe(200_000);
  expect(seen.add("0195555a-7c11-7000-8000-000000000007")).toBe(false);
});
