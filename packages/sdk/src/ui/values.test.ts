import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseBlocks, parseInline, plainBlocks, plainText } from "./markdown.ts";
import { isPlain, withValues } from "./values.ts";

describe("isPlain", () => {
  it("holds for a sentence, whatever its values are named", () => {
    for (const text of ["", "Save 20 % today!", "3 of 4", "Hi {{user.first_name}}, (really) {x}", "C# & a-b"])
      expect(isPlain(text), text).toBe(true);
  });

  it("does not hold for anything that Markdown may read as a mark", () => {
    for (const text of [
      "**a**",
      "_a_",
      "`a`",
      "[a](b)",
      "\\!",
      "a\n\nb",
      "- a",
      "+ a",
      " 1. a",
      "2) b",
      "## a",
    ])
      expect(isPlain(text), text).toBe(false);
  });

  it("agrees with the parser: what is plain is one paragraph, as it stands", () => {
    const part = fc.oneof(
      fc.constantFrom("{{x}}", "{{ x }}", "{{", "}}", "!", "](", "- ", "#", "1.", " ", "{", "\\", "_"),
      fc.string({ maxLength: 4 }),
    );
    let plain = 0;
    fc.assert(
      fc.property(fc.array(part, { maxLength: 8 }), fc.string(), (parts, value) => {
        const source = parts.join("");
        if (!isPlain(source)) return;
        plain += 1;
        const values = { x: value };
        expect(plainText(parseInline(source, values))).toBe(withValues(source, values));
        const blocks = parseBlocks(source, values);
        expect(blocks.every((block) => block.type === "p")).toBe(true);
        expect(blocks.length).toBeLessThanOrEqual(1);
        expect(plainBlocks(blocks)).toBe(withValues(source.trim(), values));
      }),
      { numRuns: 3000 },
    );
    expect(plain).toBeGreaterThan(500);
  });
});
