import { type Run, report } from "../run.ts";
import { nearest, quote } from "../wording.ts";
import { urlFault } from "./url.ts";

const VARIABLE_FIX =
  'write a variable such as {{user.name | "there"}}, {{account.due | money: "RUB"}} or {{account.trialEndsAt | date}}';
const PATH = /^(?:user|account|event)(?:\.[\p{L}\p{N}_$-]+)+$/u;
const LINK = /\]\(\s*<?([^\s)>]*)/g;

/** Checks the variables and the links of a text; everything else in it is just words. */
export function checkText(value: unknown, path: string, run: Run): void {
  const text = value as string;
  for (let at = text.indexOf("{{"); at >= 0; at = text.indexOf("{{", at)) {
    const end = text.indexOf("}}", at);
    if (end < 0) {
      report(
        run,
        path,
        "bad-text",
        `${quote(text.slice(at, at + 40))} is not closed`,
        `${VARIABLE_FIX}, with }} at its end`,
      );
      return;
    }
    const fault = variableFault(text.slice(at + 2, end));
    if (fault !== undefined)
      report(run, path, "bad-text", `${quote(text.slice(at, end + 2))} ${fault}`, VARIABLE_FIX);
    at = end + 2;
  }
  for (const [, url = ""] of text.matchAll(LINK)) {
    const fault = urlFault(url, "link");
    if (fault === undefined) continue;
    const fix = "link to an address that begins with https://, http://, mailto: or tel:, or to a path";
    report(run, path, "bad-text", `the link to ${quote(url)} ${fault}`, fix);
  }
}

/** `path`, then at most one fallback in quotes and one format, in any order, each after a bar. */
function variableFault(inside: string): string | undefined {
  if (/[{}]/.test(inside)) return "holds a brace";
  const [path = "", ...filters] = splitAtBars(inside);
  if (!PATH.test(path)) {
    const [root = ""] = path.split(".");
    const meant = nearest(root, ["user", "account", "event"]);
    if (meant === undefined || root === meant) return "names no attribute of user, account or event";
    return `begins with ${quote(root)}, which is none of user, account and event`;
  }
  let fallbacks = 0;
  let formats = 0;
  for (const filter of filters) {
    if (/^"[^"]*"$/.test(filter)) fallbacks += 1;
    else if (filter === "date" || /^money\s*:\s*"[A-Z]{3}"$/.test(filter)) formats += 1;
    else if (/^money\b/.test(filter)) return "gives money no currency of three capital letters";
    else return `has ${filter === "" ? "nothing after a bar" : `the unknown format ${quote(filter)}`}`;
  }
  if (fallbacks > 1) return "has two fallbacks";
  return formats > 1 ? "has two formats" : undefined;
}

/** Splits at `|`, but not inside quotes. */
function splitAtBars(inside: string): string[] {
  const parts: string[] = [];
  let part = "";
  let quoted = false;
  for (const letter of inside) {
    if (letter === '"') quoted = !quoted;
    if (letter === "|" && !quoted) {
      parts.push(part.trim());
      part = "";
    } else part += letter;
  }
  parts.push(part.trim());
  return parts;
}
