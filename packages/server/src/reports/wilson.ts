import type { Rate } from "./report-schemas.ts";

/** The 97.5 % point of the normal distribution: two-sided 95 %. */
const Z = 1.959963984540054;

/**
 * The share `numerator / n` with its 95 % Wilson score interval, which stays within 0 and 1 and is honest about
 * small n; `null` where n is 0.
 */
export function wilson(numerator: number, n: number): Rate | null {
  if (n === 0) return null;
  const value = numerator / n;
  const z2 = Z * Z;
  const centre = (value + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z / (1 + z2 / n)) * Math.sqrt((value * (1 - value)) / n + z2 / (4 * n * n));
  return {
    numerator,
    n,
    value,
    low: numerator === 0 ? 0 : centre - half,
    high: numerator === n ? 1 : centre + half,
  };
}
