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

/** Splits one component of a pattern; throws an `Error` where it is none. `prefix` is `/` for paths. */
function parseParts(text: string, prefix: string, encode: (text: string) => string): Parts {
  const parts: Part[] = [];
  let fixed = "";
  let read = 0;
  const add = (before: string, taker?: string, after?: string, modifier?: string) => {
    const takes = taker === undefined ? "" : taker === "*" ? "all" : "segment";
    const part = { before: encode(before), takes, after: encode(unescaped(after)), modifier: modifier ?? "" };
    parts.push(part as Part);
  };
  const endFixed = (end: number) => {
    if (end > 0) add(fixed.slice(0, end));
    fixed = "";
  };
  for (const [token, before, inner, after, mark, taker, modifier, char] of text.matchAll(TOKEN)) {
    read += token.length;
    if (char !== undefined) fixed += unescaped(char);
    else if (taker === undefined) {
      endFixed(fixed.length);
      add(unescaped(before), inner, after, mark);
    } else {
      // A slash before a name belongs to it: "/:id?" may be missing with its slash.
      const own = modifier && prefix && fixed.endsWith(prefix) ? prefix : "";
      endFixed(fixed.length - own.length);
      add(own, taker, "", modifier);
    }
  }
  if (read < text.length) throw new Error(`page pattern: "${text[read]}" in ${text}`);
  endFixed(fixed.length);
  return parts;
}

/** Where the pattern's component ends: at one of `stops`, but not in braces, escaped, or as a modifier. */
function cut(text: string, stops: string): number {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? "";
    if (char === "\\") i++;
    else if (char === "{") depth++;
    else if (char === "}") depth--;
    else if (depth === 0 && stops.includes(char)) {
      const modifies = char === "?" && /(?:^|[^\\])(?:[}*]|:[\p{ID_Continue}$]+)$/u.test(text.slice(0, i));
      if (!modifies) return i;
    }
  }
  return text.length;
}

const encodeUrl = (text: string) => text.replace(/[^\x21-\x7e]+/g, encodeURIComponent);
const lower = (text: string) => text.toLowerCase();

/** Reads a pattern; throws an `Error` where it is not one. */
export function compilePattern(pattern: string): PagePattern {
  let rest = pattern;
  let origin: PagePattern = [undefined, undefined, undefined];
  if (!/^\{?\//.test(rest)) {
    const scheme = /^([\w.+*{}?-]+):\/\//.exec(rest);
    if (!scheme) throw new Error(`page pattern: neither "/…" nor absolute: ${pattern}`);
    rest = rest.slice(scheme[0].length);
    const end = cut(rest, "/?#");
    const authority = /^(.*?)(?::([\d*]*))?$/.exec(rest.slice(0, end));
    rest = rest.slice(end);
    origin = [scheme[1], authority?.[1], authority?.[2]].map((part = "") => parseParts(part, "", lower));
  }
  const hashAt = cut(rest, "#");
  const searchAt = cut(rest.slice(0, hashAt), "?");
  const parse = (from: number, to: number, prefix = "") =>
    from > to ? undefined : parseParts(rest.slice(from, to), prefix, encodeUrl);
  return [
    ...origin,
    searchAt > 0 ? parse(0, searchAt, "/") : undefined,
    parse(searchAt + 1, hashAt),
    parse(hashAt + 1, rest.length),
  ];
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
