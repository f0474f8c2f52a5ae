/** Most values in one list, or names in one object, of a JSON body. Ours have 6,000 at most: the ETags of an `apply`. */
export const WIDTH_LIMIT = 10_000;

const QUOTE = 34;
const COMMA = 44;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/**
 * Whether any one list or object has more than so many entries, before it is built, copied and looked through. A look of its
 * own: the one at batches of events (`scanBatch`) is on the hottest path, where lists are bounded otherwise. The text need
 * not be JSON.
 */
export function isTooWide(text: string, limit: number = WIDTH_LIMIT): boolean {
  // Fewer commas than that cannot be too many.
  if (text.length < limit) return false;
  const commas: number[] = [0];
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) {
      for (i++; i < text.length; i++) {
        const inner = text.charCodeAt(i);
        if (inner === QUOTE) break;
        if (inner === BACKSLASH) i++;
      }
    } else if (code === OPEN_LIST || code === OPEN_OBJECT) commas[++depth] = 0;
    else if (code === CLOSE_LIST || code === CLOSE_OBJECT) depth = Math.max(0, depth - 1);
    else if (code === COMMA) {
      const count = (commas[depth] as number) + 1;
      if (count >= limit) return true;
      commas[depth] = count;
    }
  }
  return false;
}
