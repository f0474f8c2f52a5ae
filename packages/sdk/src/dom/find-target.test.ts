// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from "vitest";
import { anchorSelector, findTarget, selectorsOf } from "./find-target.ts";

// happy-dom has no layout: what is visible is said by an attribute here.
const visible = (element: Element) => !element.hasAttribute("hidden");
const find = (target: Parameters<typeof findTarget>[1]) => {
  const found = findTarget([document], target, visible);
  return found && `${found.element.id}#${found.rank}`;
};

beforeEach(() => {
  document.body.innerHTML = `
    <nav hidden id="wide" data-cairn="menu"></nav><nav id="narrow" data-cairn="menu"></nav>
    <button id="one" class="b" data-cairn="save">  Save
      invoice </button>
    <button id="two" class="b">Send</button><button id="three" class="b">Save all</button>
    <div hidden id="gone" data-cairn="gone"></div>`;
});

describe("a target", () => {
  it("is found by its anchor before any selector", () => {
    expect(find({ anchor: "save", fallback: ["#two"] })).toBe("one#0");
  });
  it("is found by the best fallback that matches where no element carries the anchor", () => {
    expect(find({ anchor: "none", fallback: ["#nothing", "#two", ".b"] })).toBe("two#2");
    expect(find({ fallback: [".b"] })).toBe("one#1");
  });
  it("is the visible one of several", () => {
    expect(find({ anchor: "menu" })).toBe("narrow#0");
  });
  it("is not looked for elsewhere while the anchor's element is hidden", () => {
    expect(find({ anchor: "gone", fallback: ["#two"] })).toBe(null);
  });
  it("must contain the text hint, white space and case aside", () => {
    expect(find({ fallback: [".b"], text: "save INVOICE" })).toBe("one#1");
    expect(find({ fallback: [".b"], text: "delete" })).toBe(null);
  });
  it("is the nth match, also after the text hint", () => {
    expect(find({ fallback: [".b"], nth: 2 })).toBe("two#1");
    expect(find({ fallback: [".b"], text: "save", nth: 2 })).toBe("three#1");
    expect(find({ anchor: "menu", nth: 1 })).toBe(null);
    expect(find({ fallback: [".b"], nth: 9 })).toBe(null);
  });
  it("passes over selectors that the browser refuses", () => {
    expect(find({ fallback: ["!!", "a[", "", "#two"] })).toBe("two#4");
  });
  it("is not looked for by a selector that is too long or too slow", () => {
    const slow = [
      `:is(${Array.from({ length: 10_000 }, (_, i) => `.c${i}`).join()},#two)`,
      "body:has(#two) #two",
      "body:HAS(#two) #two",
      String.raw`body:\68 as(#two) #two`,
      String.raw`body:h\61s(#two) #two`,
      ":not(:not(:not(p *) *) *)",
      `#two${":not(x)".repeat(80)}`,
    ];
    for (const selector of slow) expect([selector, find({ fallback: [selector] })]).toEqual([selector, null]);
    expect(slow).toHaveLength(7);
  });
  it("may be named by classes with escapes, and by brackets in brackets", () => {
    const [one] = selectorsOf({ fallback: [String.raw`.hover\:bg-\[red\]:not(:is(a))`] }).slice(1);
    expect(one).not.toBe("");
    expect(find({ fallback: [":not(:not(#two))"] })).toBe("two#1");
  });
  it("may have any text as its anchor", () => {
    // happy-dom does not read escapes, so the selector itself is looked at.
    expect(anchorSelector('a"],*\\b')).toBe(String.raw`[data-cairn="a\"],*\\b"]`);
  });
  it("without anything to look for is not there", () => {
    expect(find({})).toBe(null);
  });
});
