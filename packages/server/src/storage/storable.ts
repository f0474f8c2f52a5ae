// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSTORABLE = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;

/** Not every store can keep NUL or half a surrogate pair in text. */
export function isStorable(value: string | null): boolean {
  return value === null || !UNSTORABLE.test(value);
}

/**
 * Whether clients and servers take this for a place in a path, also where it is escaped: who had it as an id could not be
 * exported, and not be erased.
 */
export function isDots(id: string | null): boolean {
  return id === "." || id === "..";
}
