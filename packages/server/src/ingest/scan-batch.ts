/** What one look at the text of a body says before it is parsed. */
export interface BatchScan {
  /** Whether it is nested deeper than allowed. */
  readonly tooDeep: boolean;
  /** Whether a text in it may be a key that reaches into prototypes, plainly or by an escape. */
  readonly suspicious: boolean;
  /** Whether any text in it may hold a control character or half a surrogate pair. */
  readonly escaped: boolean;
  /**
   * Start and end of every object in the one list that the outermost object holds; `undefined` where there are more
   * lists, or white space between values. If the list has as many entries, each is the text of one of them, and need
   * not be written anew.
   */
  readonly spans: readonly number[] | undefined;
}

const QUOTE = 34;
const BACKSLASH = 92;
/** Where the outermost object's list is, and the objects in it. */
const LIST_DEPTH = 2;
const OBJECT_DEPTH = 3;

/**
 * Counts brackets outside strings, so that a bomb is refused before it is built. The text need not be JSON. `bytes`:
 * what the text was decoded from, where that is known; a list of numbers is read in half the time of a text.
 */
export function scanBatch(text: string, depthLimit: number, bytes?: Uint8Array): BatchScan {
  // No byte becomes more than one unit of text: as many units as bytes means that each has the place of its byte.
  const units = bytes?.length === text.length ? bytes : unitsOf(text);
  const spans: number[] = [];
  const { length } = units;
  let suspicious = false;
  let compact = true;
  let lists = 0;
  let depth = 0;
  let inList = false;
  const escaped = text.includes("\\") || text.includes("\u007f");
  for (let i = 0; i < length; i++) {
    const code = units[i] as number;
    if (code === QUOTE) {
      const start = i + 1;
      for (i = start; i < length; i++) {
        const inner = units[i] as number;
        if (inner === QUOTE) break;
        if (inner === BACKSLASH) {
          i += 1;
          if (i < length && units[i] === 117) suspicious = true;
        }
      }
      suspicious ||= reachesPrototype(text, start, i);
    } else if (code === 91 || code === 123) {
      depth += 1;
      if (depth > depthLimit) return { tooDeep: true, suspicious, escaped, spans: undefined };
      if (depth === LIST_DEPTH) {
        inList = code === 91;
        if (inList) lists += 1;
      } else if (depth === OBJECT_DEPTH && inList && code === 123) spans.push(i);
    } else if (code === 93 || code === 125) {
      if (depth === OBJECT_DEPTH && inList && code === 125) spans.push(i + 1);
      depth -= 1;
    } else if (code <= 32) compact = false;
  }
  return { tooDeep: false, suspicious, escaped, spans: compact && lists === 1 ? spans : undefined };
}

function unitsOf(text: string): Uint16Array {
  const bytes = Buffer.allocUnsafeSlow(text.length * 2);
  bytes.write(text, "utf16le");
  return new Uint16Array(bytes.buffer);
}

/** By length first, which is cheap: most texts are of another. */
function reachesPrototype(text: string, start: number, end: number): boolean {
  const size = end - start;
  if (size === 9) return text.startsWith("__proto__", start) || text.startsWith("prototype", start);
  return size === 11 && text.startsWith("constructor", start);
}
