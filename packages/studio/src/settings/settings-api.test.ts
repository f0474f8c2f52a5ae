import { describe, expect, it } from "vitest";
import { isLive, originsOf, suggestPassword } from "./settings-api.ts";

describe("the field for origins", () => {
  it("takes one in each line, once", () => {
    const text = "https://app.example.com\n\n  http://localhost:5173 https://app.example.com\n";
    expect(originsOf(text)).toEqual({ origins: ["https://app.example.com", "http://localhost:5173"] });
    expect(originsOf("  \n")).toEqual({ origins: [] });
  });
  it("names the first line that is not an origin", () => {
    for (const wrong of ["app.example.com", "https://app.example.com/", "https://app.example.com/a", "*"])
      expect(originsOf(`https://a.test\n${wrong}\nfoo`)).toEqual({ origins: [], wrong });
  });
});

describe("a key", () => {
  const now = Date.parse("2026-11-20T12:00:00Z");
  it("opens something until it ends or is revoked", () => {
    expect(isLive({ revokedAt: null, expiresAt: null }, now)).toBe(true);
    expect(isLive({ revokedAt: null, expiresAt: "2026-11-20T12:00:01Z" }, now)).toBe(true);
    expect(isLive({ revokedAt: null, expiresAt: "2026-11-20T12:00:00Z" }, now)).toBe(false);
    expect(isLive({ revokedAt: "2026-11-20T11:00:00Z", expiresAt: null }, now)).toBe(false);
  });
});

describe("a suggested password", () => {
  it("is four groups of four from one alphabet, each letter as likely as another", () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 400; i++) {
      const password = suggestPassword((bytes) => crypto.getRandomValues(bytes));
      expect(password).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
      for (const letter of password.replaceAll("-", "")) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    }
    expect(counts.size).toBe(31);
    for (const count of counts.values()) expect(count).toBeGreaterThan(120);
  });
  it("leaves out the bytes that would make some letters likelier", () => {
    let round = 0;
    const bytes = (into: Uint8Array) => into.fill(round++ === 0 ? 255 : 0);
    expect(suggestPassword(bytes)).toBe("aaaa-aaaa-aaaa-aaaa");
  });
});
