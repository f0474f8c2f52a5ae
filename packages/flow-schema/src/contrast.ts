/** Least contrast of words and their ground, WCAG AA. */
export const AA_CONTRAST = 4.5;

/** WCAG 2 contrast of two colours, 1–21; an alpha channel is left aside. */
export function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
}

function luminance(hex: string): number {
  const long = hex.length < 6 ? hex.replace(/[^#]/g, "$&$&") : hex;
  return [0.2126, 0.7152, 0.0722].reduce((sum, weight, at) => {
    const c = Number(`0x${long.slice(at * 2 + 1, at * 2 + 3)}`) / 255;
    return sum + weight * (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  }, 0);
}
