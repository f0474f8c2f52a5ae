import { expect, test } from "@playwright/test";
import { openSdkPage } from "../content/sdk-page.ts";

const FULL = process.env.CAIRN_SOAK === "1";
const CHANGES = FULL ? 5_000 : 400;
const SAMPLES = 10;

test("the heap does not grow with the number of route changes", async ({ page }) => {
  test.setTimeout(FULL ? 1_800_000 : 120_000);
  await openSdkPage(page);
  await page.evaluate(() => {
    const hint = (id: string, more: object) => ({
      schemaVersion: 1,
      id,
      frequency: { atMost: null, until: "none" },
      ...more,
    });
    const flows = [
      hint("here", {
        kind: "tooltip",
        trigger: { page: "/page/:n" },
        steps: [{ id: "s", target: { anchor: "here" }, title: "Here" }],
      }),
      hint("away", {
        kind: "hotspot",
        trigger: { page: "/page/:n" },
        steps: [{ id: "s", target: { anchor: "gone" }, title: "Gone" }],
      }),
    ];
    const cairn = window.createCairn({
      config: { schemaVersion: 1, environment: "routes", flows, settings: { budget: null } } as never,
    });
    Object.assign(window, { cairn });
  });
  const session = await page.context().newCDPSession(page);
  const heap = async () => {
    await session.send("HeapProfiler.collectGarbage");
    return (await session.send("Runtime.getHeapUsage")).usedSize;
  };
  const go = (from: number, count: number) =>
    page.evaluate(
      async ([first, n]) => {
        for (let i = first; i < first + n; i++) {
          history[i % 3 === 0 ? "replaceState" : "pushState"]({}, "", `/page/${i % 20}`);
          await new Promise((done) => setTimeout(done));
        }
      },
      [from, count] as const,
    );
  // What is loaded, and remembered up to its bounds, is no growth.
  await go(0, CHANGES);
  const sizes: number[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    await go(CHANGES + (i * CHANGES) / SAMPLES, CHANGES / SAMPLES);
    sizes.push(await heap());
  }
  const slope = slopeOf(sizes) / (CHANGES / SAMPLES);
  console.log(
    `${CHANGES} route changes, heap ${sizes.map((size) => Math.round(size / 1024)).join(" ")} kB, ${slope.toFixed(1)} bytes a change`,
  );
  expect(Math.abs(slope)).toBeLessThan(FULL ? 20 : 150);
});

/** Of the straight line that fits best, per sample. */
function slopeOf(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  let over = 0;
  let under = 0;
  values.forEach((value, i) => {
    over += (i - middle) * (value - mean);
    under += (i - middle) ** 2;
  });
  return over / under;
}
