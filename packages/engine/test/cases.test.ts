import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Case, playCase } from "./run-case.ts";

const folder = new URL("./cases/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
let count = 0;

for (const file of files) {
  const cases = JSON.parse(readFileSync(new URL(file, folder), "utf8")) as Case[];
  count += cases.length;
  describe(file.replace(".json", ""), () => {
    for (const one of cases)
      it(one.name, () => {
        const { results } = playCase(one);
        // Whole answers, so that a decision nobody expected is seen too.
        const got = results.map(({ decisions, screen, records, drawn, does }, i) => {
          const step = one.steps[i];
          return {
            step: i,
            expect: decisions,
            ...(step?.screen && { screen }),
            ...(step?.records && { records }),
            ...(step?.drawn && { drawn }),
            ...(step?.does && { does }),
          };
        });
        const wanted = one.steps.map(({ expect: said, screen, records, drawn, does }, i) => ({
          step: i,
          expect: said ?? [],
          ...(screen && { screen }),
          ...(records && { records }),
          ...(drawn && { drawn }),
          ...(does && { does }),
        }));
        expect(got).toEqual(wanted);
      });
  });
}

it("runs every vector there is", () => {
  console.log(`${count} behaviour vectors`);
  expect(count).toBeGreaterThanOrEqual(505);
});
