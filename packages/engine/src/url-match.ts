/**
 * Page patterns: the part of the platform's URLPattern that has no regular expressions, with the same answers. Own
 * code because the engine runs where URLPattern is missing, and because matching must stay polynomial.
 */
interface Part {
  readonly before: string;
  /** What the part takes beside its fixed text: nothing, one segment, or anything. */
  readonly takes: "" | "segment" | "all";
  readonly after: string;
  readonly modifier: "" | "?" | "*" | "+";
}
type Parts = readonly Part[];

/** Protocol, host, port, path, search, hash; a component that is not written matches anything. */
export type PagePattern = readonly (Parts | undefined)[];

const TAKER = "(:[\\p{ID_Start}$_][\\p{ID_Continue}$\\u200c\\u200d]*|\\*)";
const FIXED = "((?:\\\\.|[^{}()*:\\\\])*)";
/** In braces: fixed text, what it takes, fixed text, modifier. Else: what it takes, modifier. Else: one character. */
const TOKEN = new RegExp(
  `\\{${FIXED}${TAKER}?${FIXED}\\}([?*+]?)|${TAKER}([?*+]?)|(\\\\.|[^{}():\\\\])`,
  "gsuy",
);

const unescaped = (text = "") => text.replace(/\\(.)/gs, "$1");
const encodeUrl = (text: string) => text.replace(/[^\x21-\x7e]+/g, encodeURIComponent);
const lower = (text: string) => text.toLowerCase();

/** Components by their place in a {@link PagePattern}. */
const [PATH, SEARCH, HASH] = [3, 4, 5];

/** Protocol, host and port of a pattern that has them. A modifier is no search. */
const ORIGIN = /^([\w.+*{}?-]+):\/\/((?:\}\?|[^/?#])*?)(?::([\d*]*))?(?=[/?#]|$)/;

/** Reads a pattern; throws an `Error` where it is not one. */
export function compilePattern(pattern: string): PagePattern {
  const origin = ORIGIN.exec(pattern);
  if (!origin && !/^\{?\//.test(pattern))
    throw new Error(`page pattern: neither "/…" nor absolute: ${pattern}`);
  const compiled: (Part[] | undefined)[] = Array(6).fill(undefined);
  for (const at of origin ? [0, 1, 2] : []) read(compiled, at, origin?.[at + 1] ?? "");
  const rest = pattern.slice(origin?.[0].length ?? 0);
  if (rest) read(compiled, PATH, rest);
  return compiled;
}

/** Reads one component, and what follows it after `?` and `#`. */
function read(compiled: (Part[] | undefined)[], first: number, text: string): void {
  let at = first;
  let fixed = "";
  let length = 0;
  const add = (before: string, taker?: string, after?: string, modifier?: string) => {
    const encode = at < PATH ? lower : encodeUrl;
    const takes = taker === undefined ? "" : taker === "*" ? "all" : "segment";
    const part = { before: encode(before), takes, after: encode(unescaped(after)), modifier: modifier ?? "" };
    compiled[at]?.push(part as Part);
  };
  const endFixed = (end: number) => {
    if (end > 0) add(fixed.slice(0, end));
    fixed = "";
  };
  // A pattern that begins with its search says nothing about the path.
  if (!/^[?#]/.test(text) || at < PATH) compiled[at] = [];
  for (const [token, before, inner, after, mark, taker, modifier, char] of text.matchAll(TOKEN)) {
    length += token.length;
    const next = token === "#" ? HASH : token === "?" ? SEARCH : at;
    if (at >= PATH && next > at) {
      endFixed(fixed.length);
      at = next;
      compiled[at] = [];
    } else if (char !== undefined) fixed += unescaped(char);
    else if (taker === undefined) {
      endFixed(fixed.length);
      add(unescaped(before), inner, after, mark);
    } else {
      // A slash before a name belongs to it: "/:id?" may be missing with its slash.
      const own = modifier && at === PATH && fixed.endsWith("/") ? "/" : "";
      endFixed(fixed.length - own.length);
      add(own, taker, "", modifier);
    }
  }
  if (length < text.length) throw new Error(`page pattern: "${text[length]}" in ${text}`);
  endFixed(fixed.length);
}

/** All places where a match that began at one of `starts` may end: no backtracking, whatever the pattern. */
function ends(part: Part, text: string, starts: ReadonlySet<number>, delimiter: string): Set<number> {
  const out = new Set<number>();
  for (const start of starts) {
    if (!text.startsWith(part.before, start)) continue;
    const from = start + part.before.length;
    if (part.takes === "") {
      if (text.startsWith(part.after, from)) out.add(from + part.after.length);
      continue;
    }
    for (let to = part.takes === "all" ? from : from + 1; to <= text.length; to++) {
      if (part.takes === "segment" && delimiter && text[to - 1] === delimiter) break;
      if (text.startsWith(part.after, to)) out.add(to + part.after.length);
    }
  }
  return out;
}

function matchesParts(parts: Parts | undefined, text: string, delimiter: string): boolean {
  if (parts === undefined) return true;
  let places: Set<number> = new Set([0]);
  for (const part of parts) {
    let reached = ends(part, text, places, delimiter);
    if (part.modifier === "*" || part.modifier === "+") {
      for (let size = -1; size !== reached.size; ) {
        size = reached.size;
        for (const place of ends(part, text, reached, delimiter)) reached.add(place);
      }
    }
    if (part.modifier === "?" || part.modifier === "*") reached = new Set([...places, ...reached]);
    places = reached;
  }
  return places.has(text.length);
}

/** What ends a segment, by component. */
const DELIMITERS = ["", ".", "", "/"];

const URL_PARTS =
  /^(?:([a-z][a-z\d+.-]*):\/\/(?:[^/?#@]*@)?([^/?#:]*)(?::(\d*))?)?([^?#]*)(\?[^#]*)?(#.*)?$/i;

/** Whether the page at `url` (as `location.href` gives it, or a path alone) fits the pattern. */
export function matchesPage(pattern: PagePattern, url: string): boolean {
  const found = URL_PARTS.exec(url);
  if (!found) return false;
  const [, protocol = "", host = "", port = "", path, search = "", hash = ""] = found;
  const texts = [
    lower(protocol),
    lower(host),
    port,
    ...[path || "/", search.slice(1), hash.slice(1)].map(encodeUrl),
  ];
  return texts.every((text, i) => matchesParts(pattern[i], text, DELIMITERS[i] ?? ""));
}
