/** Fills the bytes with random values; `crypto.getRandomValues` in browsers. */
export type FillRandom = (bytes: Uint8Array) => void;

const hex = (number: number, digits: number) => number.toString(16).padStart(digits, "0");

/** 128 random bits as 32 hexadecimal digits. */
export function randomId(fill: FillRandom): string {
  const bytes = new Uint8Array(16);
  fill(bytes);
  return [...bytes].map((byte) => hex(byte, 2)).join("");
}

/**
 * Makes UUIDs of version 7 that rise strictly within one page, also within one millisecond and when the clock goes
 * back: their order is the order in which they were made. (RFC 9562, method 1: a counter in rand_a.)
 */
export function createUuid(fill: FillRandom): (now: number) => string {
  let last = 0;
  let counter = 0;
  return (now) => {
    const random = randomId(fill);
    if (now > last) {
      last = Math.floor(now);
      // Half the room, so that a busy millisecond can count on.
      counter = Number.parseInt(random.slice(0, 3), 16) >> 1;
    } else if (++counter > 0xfff) {
      last++;
      counter = 0;
    }
    const time = hex(last, 12);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(counter, 3)}-a${random.slice(3, 6)}-${random.slice(6, 18)}`;
  };
}
