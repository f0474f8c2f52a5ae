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

export interface PagePattern {
  readonly protocol?: Parts;
  readonly host?: Parts;
  readonly port?: Parts;
  readonly path?: Parts;
  readonly search?: Parts;
  readonly hash?: Parts;
}

const NAME = /^:[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/u;

/** Splits one component of a pattern; throws an `Error` that says what is wrong. `prefix` is `/` for paths. */
function parseParts(text: string, prefix: string, encode: (text: string) => string): Parts {
  const parts: Part[] = [];
  let fixed = "";
  let i = 0;
  const literal = () => {
    if (fixed) parts.push({ before: encode(fixed), takes: "", after: "", modifier: "" });
    fixed = "";
  };
  const modifier = () => {
    const next = text[i];
    if (next !== "?" && next !== "*" && next !== "+") return "";
    i++;
    return next;
  };
  const taker = (): Part["takes"] => {
    const name = NAME.exec(text.slice(i))?.[0];
    if (name === undefined && text[i] !== "*") return "";
    i += name?.length ?? 1;
    return name === undefined ? "all" : "segment";
  };
  const chars = () => {
    let out = "";
    while (i < text.length && !"{}*:".includes(text[i] ?? "")) {
      if (text[i] === "\\") i++;
      out += text[i++] ?? "";
    }
    return out;
  };
  while (i < text.length) {
    const char = text[i] ?? "";
    if (char === "(" || char === ")" || char === "}") throw new Error(`page pattern: "${char}" in ${text}`);
    if (char === "{") {
      i++;
      const before = chars();
      const takes = taker();
      const after = chars();
      if (text[i++] !== "}") throw new Error(`page pattern: { without } in ${text}`);
      literal();
      parts.push({ before: encode(before), takes, after: encode(after), modifier: modifier() });
      continue;
    }
    const takes = taker();
    if (takes) {
      // A slash before a name belongs to it: "/:id?" may be missing with its slash.
      const own = prefix && fixed.endsWith(prefix) && text[i - 1] !== "\\" ? prefix : "";
      const mark = modifier();
      if (own && mark) fixed = fixed.slice(0, -own.length);
      literal();
      parts.push({ before: own && mark ? own : "", takes, after: "", modifier: mark });
      continue;
    }
    if (char === ":") throw new Error(`page pattern: ":" without a name in ${text}`);
    if (char === "\\") i++;
    fixed += text[i++] ?? "";
  }
  literal();
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
  let origin: PagePattern = {};
  if (!rest.startsWith("/") && !rest.startsWith("{/")) {
    const scheme = /^([\w.+*{}?-]+):\/\//.exec(rest);
    if (!scheme) throw new Error(`page pattern: neither "/…" nor absolute: ${pattern}`);
    rest = rest.slice(scheme[0].length);
    const end = cut(rest, "/?#");
    const authority = /^(.*?)(?::([\d*]*))?$/.exec(rest.slice(0, end));
    rest = rest.slice(end);
    origin = {
      protocol: parseParts(scheme[1] ?? "", "", lower),
      host: parseParts(authority?.[1] ?? "", "", lower),
      port: parseParts(authority?.[2] ?? "", "", lower),
    };
  }
  const hashAt = cut(rest, "#");
  const beforeHash = rest.slice(0, hashAt);
  const searchAt = cut(beforeHash, "?");
  return {
    ...origin,
    ...(searchAt > 0 && { path: parseParts(beforeHash.slice(0, searchAt), "/", encodeUrl) }),
    ...(searchAt < beforeHash.length && {
      search: parseParts(beforeHash.slice(searchAt + 1), "", encodeUrl),
    }),
    ...(hashAt < rest.length && { hash: parseParts(rest.slice(hashAt + 1), "", encodeUrl) }),
  };
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

const URL_PARTS =
  /^(?:([a-z][a-z\d+.-]*):\/\/(?:[^/?#@]*@)?([^/?#:]*)(?::(\d*))?)?([^?#]*)(\?[^#]*)?(#.*)?$/i;

/** Whether the page at `url` (as `location.href` gives it, or a path alone) fits the pattern. */
export function matchesPage(pattern: PagePattern, url: string): boolean {
  const found = URL_PARTS.exec(url);
  if (!found) return false;
  const [, protocol = "", host = "", port = "", path, search = "", hash = ""] = found;
  return (
    matchesParts(pattern.protocol, lower(protocol), "") &&
    matchesParts(pattern.host, lower(host), ".") &&
    matchesParts(pattern.port, port, "") &&
    matchesParts(pattern.path, encodeUrl(path || "/"), "/") &&
    matchesParts(pattern.search, encodeUrl(search.slice(1)), "") &&
    matchesParts(pattern.hash, encodeUrl(hash.slice(1)), "")
  );
}
