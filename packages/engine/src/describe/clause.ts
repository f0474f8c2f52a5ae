import type { Language } from "./language.ts";

/** Words for a condition, and how its parts hang together where it has more than one. */
export interface Clause {
  readonly text: string;
  readonly joined: "and" | "or" | null;
}

export const plain = (text: string): Clause => ({ text, joined: null });

/** Several clauses as one. What is joined the other way stands in brackets: "a and (b or c)". */
export function group(words: Language, how: "and" | "or", parts: readonly Clause[]): Clause {
  const [only] = parts;
  if (only && parts.length === 1) return only;
  const said = parts.map(({ text, joined }) => (joined && joined !== how ? `(${text})` : text));
  return { text: words[how](said), joined: how };
}
