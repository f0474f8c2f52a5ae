/**
 * Records of the report log: 32-bit numbers in the machine's byte order, one record after the other, so that records
 * are added by adding bytes. A time is its high and low half; other fractions keep the bits of a double.
 */
export const MOMENT_INTS = 3;
export const GUIDANCE_INTS = 9;
const HALF = 4_294_967_296;
/** Words stand in the lower 24 bits beside the code; those that do not fit are not kept. */
export const WORD_LIMIT = 0xff_ffff;

const bits = new Int32Array(2);
const double = new Float64Array(bits.buffer);

export function packMoment(ints: number[], at: number, person: number): void {
  ints.push(Math.floor(at / HALF), at | 0, person);
}

/** The low half of a time beyond 32 bits: `|` takes exactly that. */
export function timeOf(high: number, low: number): number {
  return high * HALF + (low >>> 0);
}

export interface PackedGuidance {
  readonly at: number;
  readonly person: number;
  readonly seq: number;
  readonly run: number;
  readonly times: number;
  readonly code: number;
  readonly word: number;
}

export function packGuidance(ints: number[], record: PackedGuidance): void {
  packMoment(ints, record.at, record.person);
  pushDouble(ints, record.seq);
  pushDouble(ints, record.run);
  ints.push(record.times, (record.code << 24) | record.word);
}

export function doubleOf(first: number, second: number): number {
  bits[0] = first;
  bits[1] = second;
  return double[0] as number;
}

function pushDouble(ints: number[], value: number): void {
  double[0] = value;
  ints.push(bits[0] as number, bits[1] as number);
}

export function toBytes(ints: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(ints).buffer);
}

/** Bytes as a driver gives them, wherever they lie in its memory. */
export function toInts(bytes: Uint8Array): Int32Array {
  const { buffer, byteOffset, byteLength } = bytes;
  if (byteOffset % 4 === 0) return new Int32Array(buffer, byteOffset, byteLength >> 2);
  return new Int32Array(bytes.slice().buffer);
}
