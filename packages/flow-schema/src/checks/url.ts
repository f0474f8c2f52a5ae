import { type Run, report } from "../run.ts";
import { quote } from "../wording.ts";

const LINK_SCHEMES: ReadonlySet<string> = /* @__PURE__ */ new Set(["https", "http", "mailto", "tel"]);
const FILE_SCHEMES: ReadonlySet<string> = /* @__PURE__ */ new Set(["https", "http"]);
const SCHEME = /^([a-z][a-z0-9+.-]*):/i;
const HTTP = /^https?:\/\/[^/?#@\\]+(?:[/?#]|$)/i;
const FIX = {
  link: 'write an address that begins with https://, http://, mailto: or tel:, or a path such as "/help"',
  file: 'write an address such as "https://example.com/a.png" or a path such as "/img/a.png"',
  page: 'write a path such as "/reports", or an absolute address such as "https://app.example.com/reports"',
};

/** What is wrong with an address, `undefined` where it may be used: an allow-list, nothing is repaired. */
export function urlFault(url: string, purpose: keyof typeof FIX): string | undefined {
  // Browsers drop tabs and line ends inside an address, and read a backslash as a slash.
  if (hasSpaceOrControl(url)) return "holds a space or a control character";
  if (url.includes("\\")) return "holds a backslash";
  if (url.includes("{{")) return "holds a variable, which only texts may have";
  if (url.startsWith("//")) return "begins with //, which leads to another site";
  const scheme = SCHEME.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    return purpose === "page" && !url.startsWith("/") ? "is neither a path nor absolute" : undefined;
  }
  if (!(purpose === "link" ? LINK_SCHEMES : FILE_SCHEMES).has(scheme))
    return `begins with ${quote(`${scheme}:`)}`;
  if (scheme.startsWith("http") && !HTTP.test(url)) return "has no host, or a name before its host";
  return undefined;
}

function checkUrl(purpose: keyof typeof FIX) {
  return (value: unknown, path: string, run: Run): void => {
    const fault = urlFault(value as string, purpose);
    if (fault !== undefined) report(run, path, "bad-url", `${quote(value as string)} ${fault}`, FIX[purpose]);
  };
}

export const checkLinkUrl = /* @__PURE__ */ checkUrl("link");
export const checkMediaUrl = /* @__PURE__ */ checkUrl("file");
export const checkPageUrl = /* @__PURE__ */ checkUrl("page");

function hasSpaceOrControl(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit <= 0x20 || (unit >= 0x7f && unit <= 0xa0) || unit === 0x2028 || unit === 0x2029) return true;
  }
  return false;
}
