import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { urlFault } from "./url.ts";

describe("urlFault", () => {
  it.each([
    "https://example.com",
    "http://example.com:8080/a?b=c#d",
    "HTTPS://EXAMPLE.COM/",
    "mailto:anna@example.com?subject=x",
    "tel:+74950000000",
    "/help",
    "/a:b",
    "help/export",
    "./a",
    "?tab=1",
    "#part",
  ])("lets a link lead to %s", (url) => {
    expect(urlFault(url, "link")).toBeUndefined();
  });

  it.each([
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\tscript:alert(1)",
    "\u0000javascript:alert(1)",
    "data:text/html,<script>",
    "vbscript:x",
    "blob:https://example.com/1",
    "file:///etc/passwd",
    "ftp://example.com",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "https:/evil.example",
    "https:evil.example",
    "https://",
    "https://user@evil.example",
    "https://a b.example",
    "/{{user.name}}",
  ])("lets no link lead to %s", (url) => {
    expect(urlFault(url, "link")).toBeTypeOf("string");
  });

  it("lets pages be only paths and absolute addresses, and files come by no mail", () => {
    for (const url of ["/reports?x=1#y", "https://app.example.com/reports"])
      expect(urlFault(url, "page")).toBeUndefined();
    for (const url of ["reports", "?x", "#y", "./a", "mailto:a@b.c", "tel:1"])
      expect(urlFault(url, "page")).toBeTypeOf("string");
    for (const url of ["mailto:a@b.c", "data:image/png;base64,x"])
      expect(urlFault(url, "file")).toBeTypeOf("string");
  });

  it("agrees with the platform's own parser: what passes has an allowed scheme, and a path stays on its site", () => {
    const piece = fc.constantFrom(
      "java",
      "script:",
      "data:",
      "https:",
      "http:",
      "mailto:",
      "//",
      "/",
      "\\",
      "\t",
      "\n",
      " ",
      "@",
      "evil.example",
      ":",
      "#",
      "?",
      "%0a",
      "a",
      "\u00a0",
    );
    let passed = 0;
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
        const url = pieces.join("");
        if (urlFault(url, "link") !== undefined || !URL.canParse(url, "https://app.example.com/x")) return;
        passed += 1;
        const read = new URL(url, "https://app.example.com/x");
        expect(["https:", "http:", "mailto:", "tel:"]).toContain(read.protocol);
        if (!/^[a-z][a-z0-9+.-]*:/i.test(url)) expect(read.origin).toBe("https://app.example.com");
      }),
      { numRuns: 5_000 },
    );
    expect(passed).toBeGreaterThan(200);
  });
});
