import { type GuidanceWord, wordOf } from "./guidance-mark.ts";
import type { GuidanceColumns, Moments } from "./report-store.ts";

/** A list of moments that grows. */
export interface MomentColumn extends Moments {
  count: number;
  at: Float64Array;
  person: Int32Array;
}
export interface GuidanceColumn extends GuidanceColumns {
  count: number;
  at: Float64Array;
  person: Int32Array;
  seq: Float64Array;
  run: Float64Array;
  code: Uint8Array;
  times: Int32Array;
  word: Int32Array;
  words: GuidanceWord[];
}

export function createMoments(room = 16): MomentColumn {
  return { count: 0, at: new Float64Array(room), person: new Int32Array(room) };
}

export function addMoment(column: MomentColumn, at: number, person: number): void {
  if (column.count === column.at.length) {
    const room = column.count * 2;
    column.at = grownFloats(column.at, room);
    column.person = grownInts(column.person, room);
  }
  column.at[column.count] = at;
  column.person[column.count] = person;
  column.count += 1;
}

export function createGuidance(words: GuidanceWord[] = []): GuidanceColumn {
  const room = 16;
  return {
    ...createMoments(room),
    seq: new Float64Array(room),
    run: new Float64Array(room),
    code: new Uint8Array(room),
    times: new Int32Array(room),
    word: new Int32Array(room),
    words,
  };
}

export function addGuidance(
  column: GuidanceColumn,
  at: number,
  person: number,
  { seq, run, code, times, word }: Record<"seq" | "run" | "code" | "times" | "word", number>,
): void {
  const { count } = column;
  if (count === column.at.length) {
    const room = count * 2;
    column.seq = grownFloats(column.seq, room);
    column.run = grownFloats(column.run, room);
    column.times = grownInts(column.times, room);
    column.word = grownInts(column.word, room);
    const code = new Uint8Array(room);
    code.set(column.code);
    column.code = code;
  }
  addMoment(column, at, person);
  column.seq[count] = seq;
  column.run[count] = run;
  column.code[count] = code;
  column.times[count] = times;
  column.word[count] = word;
}

/** Numbers for texts, in order of first sight. */
export function createWords(words: GuidanceWord[]): (text: string) => number {
  const numbers = new Map<string, number>();
  return (text) => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, words.length);
    words.push(wordOf(text));
    return words.length - 1;
  };
}

function grownFloats(list: Float64Array, room: number): Float64Array {
  const grown = new Float64Array(room);
  grown.set(list);
  return grown;
}
function grownInts(list: Int32Array, room: number): Int32Array {
  const grown = new Int32Array(room);
  grown.set(list);
  return grown;
}
