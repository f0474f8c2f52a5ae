import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { plainPage } from "./page-match.ts";
import { compilePattern, matchesPage } from "./url-match.ts";

/** Hand-checked against the URLPattern specification: pattern, address, answer. */
const TABLE: readonly [pattern: string, url: string, matches: boolean][] = [
  ["/reports", "https://app.example.com/reports", true],
  ["/reports", "https://app.example.com/reports/", false],
  ["/reports", "https://app.example.com/Reports", false],
  ["/reports", "https://app.example.com/reports?from=1", true],
  ["/reports", "https://app.example.com/reports#top", true],
  ["/reports", "http://other.test:8080/reports", true],
  ["/reports", "/reports", true],
  ["/reports{/}?", "https://a.test/reports", true],
  ["/reports{/}?", "https://a.test/reports/", true],
  ["/reports{/}?", "https://a.test/reports//", false],
  ["/", "https://a.test", true],
  ["/", "https://a.test/", true],
  ["/", "https://a.test/x", false],
  ["/*", "https://a.test/", true],
  ["/*", "https://a.test/x/y", true],
  ["/reports/*", "https://a.test/reports/", true],
  ["/reports/*", "https://a.test/reports/a/b", true],
  ["/reports/*", "https://a.test/reports", false],
  ["/reports*", "https://a.test/reports-old", true],
  ["/*/edit", "https://a.test/a/b/edit", true],
  ["/*/edit", "https://a.test/edit", false],
  ["/invoices/:id", "https://a.test/invoices/7", true],
  ["/invoices/:id", "https://a.test/invoices/", false],
  ["/invoices/:id", "https://a.test/invoices/7/edit", false],
  ["/invoices/:id/edit", "https://a.test/invoices/7/edit", true],
  ["/invoices/:id?", "https://a.test/invoices", true],
  ["/invoices/:id?", "https://a.test/invoices/7", true],
  ["/invoices/:id?", "https://a.test/invoices/", false],
  ["/files/:path+", "https://a.test/files/a", true],
  ["/files/:path+", "https://a.test/files/a/b/c", true],
  ["/files/:path+", "https://a.test/files", false],
  ["/files/:path*", "https://a.test/files", true],
  ["/files/:path*", "https://a.test/files/a/b", true],
  ["/files/:path*", "https://a.test/files/a/", false],
  ["/files/*?", "https://a.test/files", true],
  ["/files/*?", "https://a.test/files/a/b", true],
  ["/:lang-:region/x", "https://a.test/en-gb/x", true],
  ["/:lang-:region/x", "https://a.test/en/x", false],
  ["/a{b}?c", "https://a.test/ac", true],
  ["/a{b}?c", "https://a.test/abc", true],
  ["/a{b}*c", "https://a.test/abbbc", true],
  ["/a{b}+c", "https://a.test/ac", false],
  ["/a{-:id}?", "https://a.test/a", true],
  ["/a{-:id}?", "https://a.test/a-7", true],
  ["/a{-:id}?", "https://a.test/a7", false],
  ["/x{/:id.json}?", "https://a.test/x/7.json", true],
  ["/x{/:id.json}?", "https://a.test/x/7.xml", false],
  ["/price\\:list", "https://a.test/price:list", true],
  ["/what\\?", "https://a.test/what%3F", false],
  ["/search?q=*", "https://a.test/search?q=cairn", true],
  ["/search?q=*", "https://a.test/search?p=1", false],
  ["/search?q=*", "https://a.test/search", false],
  ["/search?q=a", "https://a.test/search?q=a#x", true],
  ["/:page?tab=all", "https://a.test/x", false],
  ["/x#top", "https://a.test/x#top", true],
  ["/x#top", "https://a.test/x", false],
  ["/x#top", "https://a.test/x?y=1#top", true],
  ["/#/inbox/*", "https://a.test/#/inbox/7", true],
  ["/#/inbox/*", "https://a.test/#/sent", false],
  ["https://app.example.com/reports", "https://app.example.com/reports", true],
  ["https://app.example.com/reports", "http://app.example.com/reports", false],
  ["https://app.example.com/reports", "https://example.com/reports", false],
  ["https://APP.example.com/reports", "https://app.example.com/reports", true],
  ["https://*.example.com/*", "https://app.example.com/x", true],
  ["https://*.example.com/*", "https://example.com/x", false],
  ["https://:sub.example.com/*", "https://a.b.example.com/x", false],
  ["https://app.example.com", "https://app.example.com/anything?x#y", true],
  ["https://app.example.com/x", "https://app.example.com:8443/x", false],
  ["https://app.example.com:8443/x", "https://app.example.com:8443/x", true],
  ["https://app.example.com:*/x", "https://app.example.com:8443/x", true],
  ["http{s}?://a.test/*", "http://a.test/x", true],
  ["http{s}?://a.test/*", "https://a.test/x", true],
  ["/отчёты", "https://a.test/%D0%BE%D1%82%D1%87%D1%91%D1%82%D1%8B", true],
  ["/отчёты/:id", "https://a.test/отчёты/7", true],
  ["/a", "https://user:pw@a.test/a", true],
];

describe("page patterns", () => {
  it.each(TABLE)("%s on %s: %s", (pattern, url, matches) => {
    expect(matchesPage(compilePattern(pattern), url)).toBe(matches);
    expect(plainPage(pattern)?.(url) ?? matches).toBe(matches);
  });

  it("reads what is plain as the whole grammar does", () => {
    const { urls, answers } = JSON.parse(
      readFileSync(new URL("../test/tables/pages.json", import.meta.url), "utf8"),
    ) as { urls: string[]; answers: [string, string][] };
    let asked = 0;
    for (const [text, wanted] of answers) {
      const fits = plainPage(text);
      if (!fits) continue;
      asked += urls.length;
      expect(urls.map((url) => (fits(url) ? "1" : "0")).join(""), text).toBe(wanted);
    }
    expect(asked).toBeGreaterThan(4_000);
    const plain = ["/", "/*", "/reports", "/reports{/}?", "/invoices/:id", "/a.b/*/edit", "/:x/:y_2", "/a*"];
    expect(plain.filter((text) => !plainPage(text))).toEqual([]);
    expect(["/a?", "/:id?", "/a{b}?", "/*/*/*", "https://a.test/", "/(a)"].filter(plainPage)).toEqual([]);
  });

  it("covers the table", () => {
    expect(TABLE.length).toBeGreaterThanOrEqual(75);
  });

  it.each(["reports", "", "/a(b)", "/a{b", "/a}b", "/:", "/a{:x:y}", "/{a{b}}"])("refuses %j", (pattern) => {
    expect(() => compilePattern(pattern)).toThrow();
  });

  it("does not slow down on patterns made to be slow", () => {
    const pattern = compilePattern(`/${"{a*}*".repeat(8)}b`);
    const begin = performance.now();
    expect(matchesPage(pattern, `/${"a".repeat(400)}`)).toBe(false);
    expect(performance.now() - begin).toBeLessThan(2_000);
  });
});
