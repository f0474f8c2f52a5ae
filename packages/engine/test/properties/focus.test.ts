import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aConfig, aFlow, aStep, createDriver } from "../../src/testing.ts";
import { RUNS } from "./person.ts";

describe("tours that wait for their pages", () => {
  it("never leave the focus empty while somebody could have it", () => {
    const tour = (id: string, target: string) =>
      aFlow(id, {
        kind: "tour",
        trigger: { event: id },
        frequency: { atMost: null, until: "none" },
        steps: [aStep("one", { target }), aStep("two", { target: "z" }), aStep("three")].map((step) => ({
          ...step,
          actions: [{ id: "next", label: "Next", do: "next" }],
        })),
      });
    const tip = aFlow("tip", { trigger: { event: "tip" }, frequency: { atMost: null, until: "none" } });
    const tours = aConfig([tour("s", "x"), tour("t", "y"), tip], { settings: { budget: null } });
    const names = fc.constantFrom(
      "s",
      "t",
      "tip",
      "page",
      "next",
      "close",
      "wait",
      "reload",
      "leave",
      "come",
    );
    const targets = fc.tuple(fc.constantFrom("x", "y", "z"), fc.boolean());
    let [shared, back, free] = [0, 0, 0];
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 4, arbitrary: names }, { weight: 1, arbitrary: targets }), {
          minLength: 10,
          maxLength: 40,
          size: "max",
        }),
        (moves) => {
          const driver = createDriver({ config: tours });
          for (const one of moves) {
            const before = [...driver.screen.keys()];
            if (Array.isArray(one)) driver.setTarget(one[0], one[1]);
            else if (one === "page") driver.page(`/${driver.now}`);
            else if (one === "wait") driver.wait(5_000);
            else if (one === "leave" || one === "come") {
              driver.page(`/${one}`);
              for (const target of ["x", "y", "z"]) driver.setTarget(target, one === "come");
            } else if (one === "reload") driver.reload();
            else if (one !== "next" && one !== "close") driver.track(one);
            else
              for (const flow of before)
                driver.act(
                  flow,
                  one === "close" ? { kind: "close" } : { kind: "button", id: "next" as never },
                );
            const { open, located, queue } = driver.state.local;
            expect(driver.screen.size).toBeLessThanOrEqual(1);
            shared += open.length > 1 ? 1 : 0;
            back += before[0] === "tip" && one === "close" && driver.screen.size ? 1 : 0;
            // A step whose target is yet to come, or gone without a route change, keeps the focus for a while.
            if (driver.screen.size || open.some(({ moved, arriving }) => arriving || !moved)) continue;
            free++;
            expect(queue.filter(({ reason }) => reason === "outranked")).toEqual([]);
            for (const { flow, run } of open) {
              const { step } = driver.state.shared.runs[flow]?.[run] ?? {};
              const key = step === "two" ? "z" : step === "three" ? "" : flow === "s" ? "x" : "y";
              expect(located[key]).toBe(-1);
            }
          }
        },
      ),
      RUNS,
    );
    console.log(
      `${shared} moments with two flows open, ${free} with the focus free, ${back} tours that came back after a tip`,
    );
    expect(Math.min(shared, back, free)).toBeGreaterThan(20);
  });
});
