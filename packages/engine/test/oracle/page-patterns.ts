import fc from "fast-check";

/** A pattern as URLPattern takes it apart, and as an author writes it in one string. */
export interface WrittenPattern {
  readonly parts: {
    readonly protocol?: string;
    readonly hostname?: string;
    readonly port?: string;
    readonly pathname?: string;
    readonly search?: string;
    readonly hash?: string;
  };
  readonly text: string;
}

const words = ["a", "b", "reports", "Reports", "7", "en-GB", "x.json", "отчёт", "a%20b"];
const word = fc.constantFrom(...words);

/** Names of groups must differ within a pattern, so each gets its place as a number. */
const token = fc.constantFrom(
  ...["/a", "/b", "/reports", "/Reports", "/7", "/отчёт", "/x.json", "/", "/a\\:b", "/a%20b"],
  ...["/:N", "/:N", "/:N?", "/:N*", "/:N+", "/*", "/*", "/*?", "/*+", "*", ".json", "-old"],
  ...["{/}?", "{/:N}?", "{/:N}*", "{/:N.json}?", "{-:N}?", "{/a}+", "{b}*", "{/*}?", "{a*}?", ":N", ":N-:M"],
);
const number = (tokens: readonly string[]): string =>
  tokens.map((one, i) => one.replace("N", `n${i}`).replace("M", `m${i}`)).join("");

const pathname = fc
  .array(token, { minLength: 1, maxLength: 4 })
  .map(number)
  .filter((text) => /^\{?\//.test(text));
const search = fc.constantFrom("q=a", "q=*", "*q=a*", "tab=:t", "q=a&*", "");
const hash = fc.constantFrom("top", "*", "/inbox/*", "/:box", "");
const host = fc.constantFrom(
  "app.example.com",
  "*.example.com",
  ":sub.example.com",
  "{app.}?example.com",
  "APP.example.com",
);

const optional = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

export const pattern: fc.Arbitrary<WrittenPattern> = fc
  .record({
    pathname,
    search: optional(search),
    hash: optional(hash),
    origin: optional(
      fc.record({
        protocol: fc.constantFrom("https", "http", "http{s}?"),
        hostname: host,
        port: fc.constantFrom("", "8443", "*"),
      }),
    ),
  })
  // A "?" after what may carry a modifier is one, for authors as for the platform.
  .filter((one) => one.search === undefined || !/[}*]$|:\w+$/.test(one.pathname))
  .map(({ origin, pathname: path, search: query, hash: fragment }) => ({
    parts: {
      ...origin,
      pathname: path,
      ...(query !== undefined && { search: query }),
      ...(fragment !== undefined && { hash: fragment }),
    },
    text: [
      origin ? `${origin.protocol}://${origin.hostname}${origin.port && `:${origin.port}`}` : "",
      path,
      query === undefined ? "" : `?${query}`,
      fragment === undefined ? "" : `#${fragment}`,
    ].join(""),
  }))
  // After a host, only a plain slash begins the path.
  .filter(({ parts }) => parts.protocol === undefined || parts.pathname?.[0] === "/");

const segment = fc.oneof(
  word,
  fc.constantFrom("a", "b", "7", "", "a:b", "ab", "abb", "a-7", "7.json", "reports-old", "x-y"),
);

export const address = fc
  .record({
    protocol: fc.constantFrom("https", "https", "http"),
    host: fc.constantFrom(
      "app.example.com",
      "app.example.com",
      "example.com",
      "a.b.example.com",
      "other.test",
    ),
    port: fc.constantFrom("", "", "", ":8443"),
    path: fc.array(segment, { maxLength: 4 }).map((parts) => parts.map((part) => `/${part}`).join("")),
    search: fc.constantFrom("", "", "", "?q=a", "?q=b", "?tab=x", "?q=a&r=1", "?"),
    hash: fc.constantFrom("", "", "#top", "#/inbox/7", "#/sent"),
  })
  // As `location.href` gives it.
  .map((one) => new URL(`${one.protocol}://${one.host}${one.port}${one.path}${one.search}${one.hash}`).href);

/** Different patterns and addresses, always the same. */
export function pageCases(
  patterns: number,
  addresses: number,
): { patterns: WrittenPattern[]; urls: string[] } {
  const seed = 20_260_302;
  const drawn = fc.sample(pattern, { seed, numRuns: patterns });
  return {
    patterns: [...new Map(drawn.map((one) => [one.text, one])).values()],
    urls: [...new Set(fc.sample(address, { seed, numRuns: addresses }))],
  };
}
