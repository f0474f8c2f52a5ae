import fc from "fast-check";
import { expect, it } from "vitest";
import { describe } from "../../src/describe/index.ts";
import { aFlow } from "../../src/testing.ts";
import { attributeRule } from "../lint/attribute-rules.ts";
import { condition, crowdedCondition } from "../lint/conditions.ts";

const anything = fc.oneof(
  condition,
  crowdedCondition,
  attributeRule.map((user) => ({ user })),
  attributeRule.map((where) => ({ event: "x", where })),
);

it("finds words for every condition, with nothing left of how it was written", () => {
  const trigger = fc.oneof(
    anything,
    anything.map((not) => ({ not })),
  );
  fc.assert(
    fc.property(trigger, fc.constantFrom("en", "ru"), (one, language) => {
      const said = describe(aFlow("a", { trigger: one }), language);
      expect(said).not.toMatch(/[$[\]{}"]|undefined|object|null|NaN|true|false|,,| ,| {2}|\(\)/);
      // Each bracket that opens closes.
      let open = 0;
      for (const letter of said) {
        open += letter === "(" ? 1 : letter === ")" ? -1 : 0;
        expect(open).toBeGreaterThanOrEqual(0);
      }
      expect(open).toBe(0);
    }),
    { numRuns: 2_000 },
  );
});
