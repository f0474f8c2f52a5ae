/** A name, a star, or the modifier of a group: what a part of an address may be there for. */
const TAKERS = /:[\p{ID_Start}$_][\p{ID_Continue}$]*[+*]?|\*[+*]?/gu;

/** What may be left out: a group, or a name with its slash. */
const OPTIONAL = /\{([^{}]*)\}\?|(\/?(?::[\w$]+|\*)\?)/g;
const MOST_OPTIONAL = 2;

/**
 * Page patterns as people would write the addresses: "/reports{/}?" is "/reports", what may be left out gives two
 * addresses, and "…" stands for anything.
 */
export function pageWords(pattern: string): readonly string[] {
  const bare = pattern.replaceAll("{/}?", "");
  const all = [...bare.matchAll(OPTIONAL)];
  // Each doubles the addresses; nobody reads more than a few.
  if (all.length > MOST_OPTIONAL) return pageWords(bare.replace(OPTIONAL, "*"));
  const [optional] = all;
  if (optional) {
    const [whole, group, name] = optional;
    const way = (text: string) => pageWords(bare.replace(whole, () => text));
    return [...new Set([...way(""), ...way(group ?? (name ?? "").slice(0, -1))])];
  }
  const plain = bare
    .replace(/\{([^{}]*)\}([+*]?)/g, (_, inner: string, many: string) => `${inner}${many ? "…" : ""}`)
    .replace(TAKERS, "…")
    .replace(/…+/g, "…")
    .replace(/\\(.)/g, "$1");
  return [plain || "/"];
}
