// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const UNSTORABLE = /[\u0000-\u001f\u007f]|\p{Surrogate}/u;

/** Not every store can keep NUL or half a surrogate pair in text. */
export function isStorable(value: string | null): boolean {
  return value === null || !UNSTORABLE.test(value);
}
