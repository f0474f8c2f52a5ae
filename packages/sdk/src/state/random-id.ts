/** Fills the bytes with random values; `crypto.getRandomValues` in browsers. */
export type FillRandom = (bytes: Uint8Array) => void;

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** 128 random bits as 32 hexadecimal digits. */
export function randomId(fill: FillRandom): string {
  const bytes = new Uint8Array(16);
  fill(bytes);
  return hex(bytes);
}

/**
 * Makes UUIDs of version 7 that rise strictly within one page, also within one millisecond and when the clock goes
 * back: their order is the order in which they were made. (RFC 9562, method 1: a counter in rand_a.)
 */
export function createUuid(fill: FillRandom): (now: number) => string {
  let last = 0;
  let counter = 0;
  return (now) => {
    const bytes = new Uint8Array(16);
    fill(bytes);
    if (now > last) {
      last = now;
      // Half the room, so that a busy millisecond can count on.
      counter = ((bytes[6] ?? 0) & 7) << 8;
    } else if (++counter > 0xfff) {
      last++;
      counter = 0;
    }
    const time = Math.floor(last).toString(16).padStart(12, "0");
    const rest = hex(bytes.subarray(8));
    const variant = (8 + ((bytes[8] ?? 0) & 3)).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, "0")}-${variant}${rest.slice(1, 4)}-${rest.slice(4)}`;
  };
}
