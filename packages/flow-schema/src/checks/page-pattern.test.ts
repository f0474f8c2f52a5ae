import { describe, expect, it } from "vitest";
import { patternFault } from "./page-pattern.ts";

describe("patternFault", () => {
  it.each([
    "/",
    "/reports",
    "/reports{/}?",
    "/reports/*",
    "/projects/:id",
    "/projects/:id/:part?",
    "/files/:path+",
    "/search?q=*",
    "/docs#part",
    "/a\\:b",
    "/отчёты/:номер",
    "https://app.example.com/*",
    "https://*.example.com/:id",
    "http://localhost:8787/reports",
    "http{s}?://example.com/",
  ])("reads %s", (pattern) => {
    expect(patternFault(pattern)).toBeUndefined();
  });

  it.each([
    ["reports", "neither"],
    ["ftp://example.com", "neither"],
    ["https://", "neither"],
    ["//example.com", "starts with //"],
    ["/a b", "space"],
    ["/(.*)", "regular expression"],
    ["/:id(\\d+)", "regular expression"],
    ["/{a", "open"],
    ["/a}", "not open"],
    ["/{a{b}}", "group in a group"],
    ["/:", "colon"],
    ["/:1", "colon"],
    ["/:id/:id", "twice"],
    ["/a\\", "backslash"],
  ])("does not read %s", (pattern, fault) => {
    expect(patternFault(pattern)).toContain(fault);
  });
});
