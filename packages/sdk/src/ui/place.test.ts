import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EDGE, place } from "./place.ts";

const view = { width: 1000, height: 600 };
const card = { width: 300, height: 160 };
const at = (x: number, y: number, width = 100, height = 30) => ({ x, y, width, height });

describe("place", () => {
  it("stands on the wanted side, centred, 12 px away", () => {
    expect(place(at(450, 300), card, view, "bottom", false)).toEqual({
      x: 350,
      y: 342,
      side: "bottom",
      arrow: 150,
    });
    expect(place(at(450, 300), card, view, "top", false)).toEqual({
      x: 350,
      y: 128,
      side: "top",
      arrow: 150,
    });
    expect(place(at(450, 300), card, view, "left", false)).toEqual({
      x: 138,
      y: 235,
      side: "left",
      arrow: 80,
    });
    expect(place(at(450, 300), card, view, "right", false)).toEqual({
      x: 562,
      y: 235,
      side: "right",
      arrow: 80,
    });
  });

  it("takes the opposite side, then one across, where there is no room", () => {
    expect(place(at(450, 560), card, view, "auto", false)?.side).toBe("top");
    expect(place(at(450, 100, 100, 400), card, view, "auto", false)?.side).toBe("right");
    expect(place(at(450, 100, 100, 400), card, view, "auto", true)?.side).toBe("left");
    expect(place(at(20, 100, 960, 400), card, view, "auto", false)).toBeNull();
  });

  it("aligns start and end with the direction of reading", () => {
    expect(place(at(450, 300), card, view, "bottom-start", false)?.x).toBe(450);
    expect(place(at(450, 300), card, view, "bottom-start", true)?.x).toBe(250);
    expect(place(at(450, 300), card, view, "bottom-end", true)?.x).toBe(450);
    expect(place(at(450, 300), card, view, "right-start", true)?.y).toBe(300);
  });

  it("is always whole in view, beside the target, and the arrow points at it where corners allow", () => {
    const size = (most: number) => fc.integer({ min: 1, max: most });
    let placed = 0;
    fc.assert(
      fc.property(
        fc.record({
          x: fc.integer({ min: -200, max: 1200 }),
          y: fc.integer({ min: -200, max: 800 }),
          width: size(600),
          height: size(400),
        }),
        fc.record({ width: fc.integer({ min: 80, max: 500 }), height: fc.integer({ min: 60, max: 500 }) }),
        fc.constantFrom("auto", "top", "right-end", "bottom-start", "left" as const),
        fc.boolean(),
        (target, box, placement, rtl) => {
          const found = place(target, box, view, placement as "auto", rtl);
          if (found === null) return;
          placed += 1;
          expect(found.x).toBeGreaterThanOrEqual(EDGE);
          expect(found.y).toBeGreaterThanOrEqual(EDGE);
          expect(found.x + box.width).toBeLessThanOrEqual(view.width - EDGE);
          expect(found.y + box.height).toBeLessThanOrEqual(view.height - EDGE);
          const apart =
            found.x >= target.x + target.width ||
            found.x + box.width <= target.x ||
            found.y >= target.y + target.height ||
            found.y + box.height <= target.y;
          expect(apart).toBe(true);
          const length = found.side === "top" || found.side === "bottom" ? box.width : box.height;
          expect(found.arrow).toBeGreaterThanOrEqual(22);
          expect(found.arrow).toBeLessThanOrEqual(length - 22);
        },
      ),
      { numRuns: 3000 },
    );
    expect(placed).toBeGreaterThan(1000);
  });
});
