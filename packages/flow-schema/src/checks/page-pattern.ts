import { type Run, report } from "../run.ts";
import { quote } from "../wording.ts";

const FIX =
  'write a page pattern such as "/reports", "/projects/:id", "/reports{/}?" or "https://app.example.com/*"';
const ABSOLUTE = /^http(?:s|\{s\}\?)?:\/\/[^/?#]/;

export function checkPagePattern(value: unknown, path: string, run: Run): void {
  const fault = patternFault(value as string);
  if (fault !== undefined) report(run, path, "bad-page-pattern", `${quote(value as string)} ${fault}`, FIX);
}

/** What addresses never hold as it is, by part: browsers write it as %… */
const REWRITTEN = { path: '"<>`^|', search: "\"<>'", hash: '"<>`' };
/** "." and ".." are gone from an address before anybody sees it. */
const DOTS = /\/\{?(?:\\?\.|%2e){1,2}(?=[\\/?#{}:*]|$)/i;

/**
 * What is wrong with a pattern: URLPattern's own syntax, less regular expressions, and less what browsers would put
 * differently before they compare, so that what is left means the same in every engine.
 */
export function patternFault(pattern: string): string | undefined {
  if (!pattern.startsWith("/") && !ABSOLUTE.test(pattern)) return "neither starts with / nor is absolute";
  if (pattern.startsWith("//")) return "starts with //";
  if (/\s/.test(pattern)) return "holds a space";
  const start = pattern.startsWith("/") ? 0 : pattern.indexOf("//") + 2;
  return addressFault(pattern, start) ?? syntaxFault(pattern, start);
}

function addressFault(pattern: string, start: number): string | undefined {
  if (pattern.includes("\\\\")) return "holds a backslash, which addresses write as /";
  if (/\?\\\?|#\\?#/.test(pattern)) return "begins a part with its own mark, which addresses hold once";
  if (DOTS.test(pattern.slice(start))) return "has a part of one or two dots, which addresses leave out";
  const [host = ""] = start === 0 ? [] : (/^[^/?#]*/.exec(pattern.slice(start)) ?? []);
  if (/[^\x20-\x7e]/.test(host)) return "names a host in letters that addresses write as xn--…";
  if (/^https:.*:443$|^http:.*:80$/.test(pattern.slice(0, start) + host))
    return "names the port that addresses leave out";
  return undefined;
}

function syntaxFault(pattern: string, start: number): string | undefined {
  const names = new Set<string>();
  let open = false;
  /** The group has its placeholder. */
  let taken = false;
  /** What stands before may be followed by ?, * or +. */
  let counted = false;
  let part: keyof typeof REWRITTEN = "path";
  for (let at = start; at < pattern.length; at++) {
    const letter = pattern[at] ?? "";
    const follows = counted;
    counted = false;
    if (REWRITTEN[part].includes(letter))
      return `holds ${letter}, which addresses write as %${letter.charCodeAt(0).toString(16).toUpperCase()}`;
    if (letter === "\\") {
      if (at === pattern.length - 1) return "ends with a backslash";
      // What it protects stands for itself, but may still be written otherwise.
      if (!REWRITTEN[part].includes(pattern[at + 1] ?? "")) at += 1;
    } else if (letter === "(" || letter === ")")
      return "holds a regular expression, which patterns here may not have";
    else if (letter === "{") {
      if (open) return "has a group in a group";
      open = true;
      taken = false;
    } else if (letter === "}") {
      if (!open) return "closes a group that is not open";
      if (pattern[at - 1] === "{") return "has an empty group";
      open = false;
      counted = true;
    } else if (letter === ":" || (letter === "*" && !follows)) {
      const name =
        letter === "*" ? "" : /^[\p{ID_Start}_$][\p{ID_Continue}$]*/u.exec(pattern.slice(at + 1))?.[0];
      if (name === undefined) {
        // A colon before digits is a port, in the host of an absolute pattern.
        if (start === 0 || !/^\d+(?:[/?#]|$)/.test(pattern.slice(at + 1)))
          return "has a colon without a name";
        continue;
      }
      if (names.has(name)) return `has the name ${quote(name)} twice`;
      if (name) names.add(name);
      if (open && taken) return "has two placeholders in a group";
      taken = true;
      counted = !open;
      at += name.length;
    } else if (open && /[?+#]/.test(letter)) return `has ${letter} in a group`;
    else if (letter === "#") part = "hash";
    else if (letter === "+" || (letter === "?" && part !== "path")) {
      if (!follows)
        return `has a ${letter} that repeats nothing: write \\${letter} where it stands for itself`;
    } else if (letter === "?" && !follows) part = "search";
  }
  return open ? "leaves a group open" : undefined;
}
