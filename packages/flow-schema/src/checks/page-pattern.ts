import { type Run, report } from "../run.ts";
import { quote } from "../wording.ts";

const FIX =
  'write a page pattern such as "/reports", "/projects/:id", "/reports{/}?" or "https://app.example.com/*"';
const ABSOLUTE = /^http(?:s|\{s\}\?)?:\/\/[^/?#]/;

export function checkPagePattern(value: unknown, path: string, run: Run): void {
  const fault = patternFault(value as string);
  if (fault !== undefined) report(run, path, "bad-page-pattern", `${quote(value as string)} ${fault}`, FIX);
}

/** What is wrong with a pattern: URLPattern's own syntax, less regular expressions. */
export function patternFault(pattern: string): string | undefined {
  if (!pattern.startsWith("/") && !ABSOLUTE.test(pattern)) return "neither starts with / nor is absolute";
  if (pattern.startsWith("//")) return "starts with //";
  if (/\s/.test(pattern)) return "holds a space";
  let open = false;
  const names = new Set<string>();
  const start = pattern.startsWith("/") ? 0 : pattern.indexOf("//") + 2;
  for (let at = start; at < pattern.length; at++) {
    const letter = pattern[at];
    if (letter === "\\") {
      at += 1;
      if (at >= pattern.length) return "ends with a backslash";
    } else if (letter === "(" || letter === ")")
      return "holds a regular expression, which patterns here may not have";
    else if (letter === "{") {
      if (open) return "has a group in a group";
      open = true;
    } else if (letter === "}") {
      if (!open) return "closes a group that is not open";
      open = false;
    } else if (letter === ":") {
      const name = /^[\p{ID_Start}_$][\p{ID_Continue}$]*/u.exec(pattern.slice(at + 1))?.[0];
      // A colon before digits is a port, in the host of an absolute pattern.
      if (name === undefined && (start === 0 || !/^\d+(?:[/?#]|$)/.test(pattern.slice(at + 1))))
        return "has a colon without a name";
      if (name !== undefined && names.has(name)) return `has the name ${quote(name)} twice`;
      if (name !== undefined) names.add(name);
      at += name?.length ?? 0;
    }
  }
  return open ? "leaves a group open" : undefined;
}
