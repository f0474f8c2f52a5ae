/** Remembers which message ids have been read. */
export interface SeenIds {
  /** Takes an id down; `false` where it was there already. */
  add(id: string): boolean;
}

const START = 1 << 12;

/**
 * A set of 64-bit fingerprints outside the heap: 16 to 32 bytes an id, where a `Set` of strings would need a hundred.
 * Among ten million ids the chance that any two are taken for one another is about 1 in 400,000.
 */
export function createSeenIds(): SeenIds {
  let places = START;
  let table = new Uint32Array(2 * places);
  let count = 0;

  /** Puts a fingerprint where it belongs; `false` where it stands there already. */
  const put = (high: number, low: number): boolean => {
    let place = low & (places - 1);
    for (;;) {
      const at = 2 * place;
      if (table[at] === 0 && table[at + 1] === 0) {
        table[at] = high;
        table[at + 1] = low;
        return true;
      }
      if (table[at] === high && table[at + 1] === low) return false;
      place = (place + 1) & (places - 1);
    }
  };
  const grow = () => {
    const before = table;
    places *= 2;
    table = new Uint32Array(2 * places);
    for (let at = 0; at < before.length; at += 2) {
      const [high = 0, low = 0] = [before[at], before[at + 1]];
      if (high !== 0 || low !== 0) put(high, low);
    }
  };
  return {
    add(id) {
      let one = 0xdeadbeef;
      let two = 0x41c6ce57;
      for (let i = 0; i < id.length; i++) {
        const code = id.charCodeAt(i);
        one = Math.imul(one ^ code, 2_654_435_761);
        two = Math.imul(two ^ code, 1_597_334_677);
      }
      one = Math.imul(one ^ (one >>> 16), 2_246_822_507) ^ Math.imul(two ^ (two >>> 13), 3_266_489_909);
      two = Math.imul(two ^ (two >>> 16), 2_246_822_507) ^ Math.imul(one ^ (one >>> 13), 3_266_489_909);
      // Two zeros mean an empty place.
      if (!put(one >>> 0, two >>> 0 || 1)) return false;
      count += 1;
      if (count * 2 > places) grow();
      return true;
    },
  };
}
