/** Whether the page at an address (as `location.href` gives it, or a path alone) fits. */
export type PageMatch = (url: string) => boolean;

/** Plain path, names, stars and the slash that may be missing: what nearly all page patterns are made of. */
const PLAIN = /^(?:\/[\w.~%@-]*(?::[a-z_]\w*|\*)?)+(?:\{\/\}\?)?$/i;
const TOKEN = /:[a-z_]\w*|\{\/\}\?|[^\w/]/gi;
const PATH = /^(?:[a-z][\w+.-]*:\/\/[^/?#]*)?([^?#]*)/i;

/** With more stars, a regular expression could take long to say no. */
const MOST_STARS = 2;

/** Makes a plain pattern ready; `undefined` for one that takes the course's whole grammar. */
export function plainPage(pattern: string): PageMatch | undefined {
  if (!PLAIN.test(pattern) || pattern.split("*").length > MOST_STARS + 1) return undefined;
  const source = pattern.replace(TOKEN, (token) =>
    token === "*" ? ".*" : token === "{/}?" ? "/?" : token[1] ? "[^/]+" : `\\${token}`,
  );
  const path = new RegExp(`^${source}$`);
  return (url) => path.test(PATH.exec(url)?.[1] || "/");
}
