import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Inline, parseBlocks, parseInline, plainBlocks, plainText } from "./markdown.ts";

const inline = (source: string, values = {}) => parseInline(source, values);

describe("parseInline", () => {
  it("knows strong, emphasis, code, link and image", () => {
    expect(inline("a **b** *c* _d_ `e` [f](/g) ![h](i.png)")).toEqual([
      "a ",
      { type: "strong", children: ["b"] },
      " ",
      { type: "em", children: ["c"] },
      " ",
      { type: "em", children: ["d"] },
      " ",
      { type: "code", children: ["e"] },
      " ",
      { type: "link", url: "/g", children: ["f"] },
      " ",
      { type: "image", url: "i.png", alt: "h" },
    ]);
  });

  it("nests emphasis, strong and links", () => {
    expect(inline("***a***")).toEqual([{ type: "strong", children: [{ type: "em", children: ["a"] }] }]);
    expect(inline("**[a *b*](c)**")).toEqual([
      {
        type: "strong",
        children: [{ type: "link", url: "c", children: ["a ", { type: "em", children: ["b"] }] }],
      },
    ]);
  });

  it("leaves what is never closed as it stands", () => {
    for (const text of [
      "**a",
      "*a",
      "a * b",
      "[a",
      "[a](b",
      "[a](b c)",
      "`a",
      "![a]",
      "{{a",
      "{{ж",
      "2 * 3 * 4",
      "snake_case_name",
    ])
      expect(inline(text), text).toEqual([text]);
    expect(inline("**a *b** c*")).toEqual([{ type: "strong", children: ["a *b"] }, " c*"]);
  });

  it("takes a backslash before punctuation as escape", () => {
    expect(inline("\\*a\\* \\[b](c) \\d")).toEqual(["*a* [b](c) \\d"]);
  });

  it("knows no HTML", () => {
    expect(inline("<b>a</b> <script>alert(1)</script> &amp;")).toEqual([
      "<b>a</b> <script>alert(1)</script> &amp;",
    ]);
  });

  it("puts values in as text that is never parsed", () => {
    const values = { "user.name": "**Anna** [x](javascript:y) {{user.name}} `", " spaced ": "s" };
    expect(inline("Hi {{user.name}}!", values)).toEqual([`Hi ${values["user.name"]}!`]);
    expect(inline("**{{user.name}}**", values)).toEqual([
      { type: "strong", children: [values["user.name"]] },
    ]);
    expect(inline("{{ spaced }}{{ user.name }}", values)).toEqual([`s${values["user.name"]}`]);
    expect(inline("{{toString}}{{__proto__}}", {})).toEqual([""]);
  });

  it("lets a value be one part of an address only", () => {
    const values = { id: "javascript:alert(1)//?a=b&c" };
    expect(inline("[a](/u/{{id}}) [b]({{id}})", values)).toEqual([
      { type: "link", url: "/u/javascript%3Aalert(1)%2F%2F%3Fa%3Db%26c", children: ["a"] },
      " ",
      { type: "link", url: "javascript%3Aalert(1)%2F%2F%3Fa%3Db%26c", children: ["b"] },
    ]);
  });
});

describe("parseBlocks", () => {
  it("knows paragraphs, headings and lists", () => {
    const source = "## A\nb\nc\n\n- d\n- e\n  f\n\n1. g\n2. h\n#### i\n# not a heading";
    expect(parseBlocks(source, {})).toEqual([
      { type: "h2", children: ["A"] },
      { type: "p", children: ["b\nc"] },
      { type: "ul", items: [["d"], ["e\nf"]] },
      { type: "ol", items: [["g"], ["h"]] },
      { type: "h4", children: ["i"] },
      { type: "p", children: ["# not a heading"] },
    ]);
  });

  it("reads as words, blocks set apart", () => {
    expect(plainBlocks(parseBlocks("## A\n\n**b** c\n\n- d\n- [e](f)", {}))).toBe("A b c d e");
  });
});

const SPECIALS = [
  "*",
  "**",
  "_",
  "`",
  "[",
  "]",
  "](",
  ")",
  "(",
  "!",
  "\\",
  "{{",
  "}}",
  "\n",
  "\n\n",
  "- ",
  "## ",
  " ",
];
const markup = fc
  .array(fc.oneof(fc.constantFrom(...SPECIALS), fc.string({ maxLength: 4 })), { maxLength: 40 })
  .map((parts) => parts.join(""));

describe("any source", () => {
  it("is parsed without an error into a tree that stays shallow", () => {
    const depth = (nodes: readonly Inline[]): number =>
      Math.max(
        0,
        ...nodes.map((n) => (typeof n === "string" || n.type === "image" ? 0 : 1 + depth(n.children))),
      );
    fc.assert(
      fc.property(markup, (source) => {
        for (const block of parseBlocks(source, { a: "b" }))
          for (const line of "items" in block ? block.items : [block.children])
            expect(depth(line)).toBeLessThanOrEqual(4);
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps every letter and digit of the text, in order", () => {
    const letters = (text: string) => text.replace(/[^\p{L}]/gu, "");
    // Without brackets and braces, which may turn into addresses and values.
    const prose = markup.map((text) => text.replace(/[[\]()!{}]/g, ""));
    fc.assert(
      fc.property(prose, (source) => {
        expect(letters(plainBlocks(parseBlocks(source, {})))).toBe(letters(source));
      }),
      { numRuns: 2000 },
    );
  });

  it("never parses a value", () => {
    fc.assert(
      fc.property(markup, markup, (before, value) => {
        const clean = before.replace(/[[\]()!{}`\\]/g, "");
        const mark = "\u0001";
        const withValue = plainText(inline(`${clean}{{x}}`, { x: value }));
        const withMark = plainText(inline(`${clean}{{x}}`, { x: mark }));
        expect(withValue).toBe(withMark.replace(mark, () => value));
      }),
      { numRuns: 2000 },
    );
  });

  it("costs time in proportion to its length", () => {
    const pathological = [
      "*",
      "**a",
      "_a ",
      "[",
      "]",
      "](",
      "[a](",
      "![",
      "![a](",
      "`",
      "`a",
      "{{",
      "{{a",
      "{{ж",
      "\\",
      "!",
      "*a_",
      "**a*",
      "[*",
      "- ",
      "## ",
      "1. ",
      "[a](b",
      "***",
      "a**b",
      "`{{",
      "![{{",
    ];
    const cost = (unit: string, length: number) => {
      const source = unit.repeat(length / unit.length);
      const before = process.cpuUsage();
      parseBlocks(source, { a: "b" });
      const { user, system } = process.cpuUsage(before);
      return Math.max(500, user + system);
    };
    // Sixteen times the length: linear is about 16, with the collector's work 60, quadratic 256. CPU time, as the machine may
    // be busy; what disturbs one measurement does not disturb five, and no disturbance makes the quadratic look linear.
    const ratio = (unit: string) => cost(unit, 80_000) / cost(unit, 5_000);
    for (const unit of pathological) {
      cost(unit, 5_000);
      let least = ratio(unit);
      for (let tries = 1; tries < 5 && least >= 130; tries++) least = Math.min(least, ratio(unit));
      expect(least, JSON.stringify(unit)).toBeLessThan(130);
    }
  });
});
