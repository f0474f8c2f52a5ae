// @vitest-environment happy-dom
import type { Target } from "@cairn/flow-schema";
import fc from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { buildTarget } from "./build-selector.ts";
import { findTarget } from "./find-target.ts";
import { treesIn } from "./trees.ts";

/** Pages in a short run, and in a long one. */
const RUNS = process.env.CAIRN_SOAK ? 3_000 : 120;

const meant = (target: Target) => findTarget([...treesIn(document)], target, () => true)?.element ?? null;
const page = (html: string) => {
  document.body.innerHTML = html;
  return document.querySelector("#x,[data-x]") as Element;
};
beforeEach(() => {
  document.body.innerHTML = "";
});

describe("a target made for an element", () => {
  const cases: readonly (readonly [why: string, html: string, target: Target])[] = [
    [
      "is its anchor, with fallbacks",
      '<button data-cairn="go" data-x data-testid="go-now">Go</button>',
      { anchor: "go", fallback: ['[data-testid="go-now"]'] },
    ],
    [
      "is a test id before an id",
      '<button id="x" data-testid="go">Go</button>',
      { fallback: ['[data-testid="go"]', "#x"] },
    ],
    [
      "is no hashed class",
      '<button data-x class="css-1x2y3z">Go</button><button class="css-9q8w7e">No</button>',
      { fallback: ["button"], text: "Go" },
    ],
    [
      "is the author's part of a module's class",
      '<i data-x class="Save_icon__x7Yz1"></i><i class="Open_icon__b2Kd9"></i>',
      { fallback: ['i[class*="Save_icon__"]'] },
    ],
    [
      "is found within what has a name",
      '<form id="login"><input data-x></form><form id="search"><input></form>',
      { fallback: ["#login input"] },
    ],
    [
      "has its words where no name is its own",
      "<p><button>Cancel</button><button data-x>Send</button></p>",
      { fallback: ["button"], text: "Send" },
    ],
    [
      "has no words that are data",
      "<li>Item 1</li><li data-x>Item 2</li>",
      { fallback: ["li:nth-of-type(2)"] },
    ],
    [
      "counts where everything is alike",
      "<main><p><b></b></p><p><b data-x></b></p></main>",
      { fallback: ["p:nth-of-type(2) > b"] },
    ],
    [
      "has the number of an anchor that several carry",
      '<b data-cairn="row"></b><b data-cairn="row" data-x></b>',
      { anchor: "row", nth: 2 },
    ],
    [
      "is a label, an address or a field's name",
      '<a data-x href="/reports" aria-label="Reports">→</a><a href="/x">→</a>',
      { fallback: ['a[aria-label="Reports"]', 'a[href="/reports"]'] },
    ],
  ];
  for (const [why, html, target] of cases)
    it(why, () => {
      const element = page(html);
      expect(buildTarget(element)).toEqual(target);
      expect(meant(target)).toBe(element);
    });

  it("reaches into shadow roots, and is unlike what stands outside of them", () => {
    document.body.innerHTML = '<div id="host"></div><button class="save">Save</button>';
    const shadow = document.querySelector("#host")?.attachShadow({ mode: "open" }) as ShadowRoot;
    shadow.innerHTML = '<form name="invoice"><button class="save">Save</button></form>';
    const button = shadow.querySelector("button") as Element;
    const target = buildTarget(button);
    expect(target).toEqual({ fallback: ['form[name="invoice"] button.save'] });
    expect(meant(target)).toBe(button);
  });
});

/* ---- pages by chance ---- */
interface Node {
  readonly tag: string;
  readonly traits: readonly (readonly [name: string, value: string])[];
  readonly hashed: boolean;
  readonly text: string;
  readonly shadow: boolean;
  readonly children: readonly Node[];
}
const word = fc.constantFrom(
  "export",
  "invoice",
  "filter",
  "save",
  "report",
  "client",
  "send",
  "open",
  "menu",
  "total",
);
const trait = fc.oneof(
  fc.tuple(fc.constantFrom("data-testid", "id", "name", "aria-label", "class", "role", "data-cairn"), word),
  fc.tuple(fc.constant("id"), fc.stringMatching(/^:r[0-9a-z]:$/)),
  fc.tuple(fc.constant("class"), fc.stringMatching(/^css-[0-9a-z]{6}$/)),
);
const nodeAt = (depth: number): fc.Arbitrary<Node> =>
  fc.record({
    tag: fc.constantFrom("div", "span", "button", "a", "li", "section", "input"),
    traits: fc.array(trait, { maxLength: 2 }),
    hashed: fc.boolean(),
    text: fc.oneof({ weight: 2, arbitrary: fc.constant("") }, { weight: 1, arbitrary: word }),
    shadow: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    children: depth === 0 ? fc.constant([]) : fc.array(nodeAt(depth - 1), { maxLength: 3 }),
  });

let hash = 0;
const freshHash = () => {
  hash += 7919;
  return `css-${(0x1_0000 + (hash % 0xffff)).toString(36)}x9q`;
};
function build(node: Node, into: ParentNode): void {
  const element = document.createElement(node.tag);
  for (const [name, value] of node.traits) element.setAttribute(name, value);
  if (node.hashed) element.classList.add(freshHash());
  into.append(element);
  if (node.tag === "input") return;
  if (node.text) element.append(node.text);
  const canHost = node.shadow && /^(div|span|section)$/.test(node.tag);
  const inside = canHost ? element.attachShadow({ mode: "open" }) : element;
  for (const child of node.children) build(child, inside);
}
const all = () =>
  [...treesIn(document)]
    .flatMap((tree) => [...tree.querySelectorAll("*")])
    .filter((one) => !one.matches("html,head,body,style"));

/** What a product's next render may do to a page and mean nothing by it. */
function renderAgain(): void {
  for (const element of all()) {
    const hashed = [...element.classList].filter((name) => name.startsWith("css-"));
    element.classList.remove(...hashed);
    if (hashed.length > 0) element.classList.add(...hashed.map(freshHash));
    if (element.id.startsWith(":r")) element.id = `:r${(hash++).toString(36)}:`;
  }
  for (const element of all())
    if (hash++ % 3 === 0) {
      const noise = document.createElement("em");
      noise.className = freshHash();
      element.before(noise);
    }
}

it(
  `means the same element, at once and after the next render, on ${RUNS} pages`,
  () => {
    let asked = 0;
    let positional = 0;
    fc.assert(
      fc.property(fc.array(nodeAt(3), { minLength: 1, maxLength: 4 }), (nodes) => {
        document.body.replaceChildren();
        for (const one of nodes) build(one, document.body);
        const made = all().map((element) => ({ element, target: buildTarget(element) }));
        for (const { element, target } of made) {
          expect(meant(target)).toBe(element);
          expect((target.fallback ?? []).every((selector) => !/css-|:r[0-9a-z]:/.test(selector))).toBe(true);
          expect((target.fallback ?? []).every((selector) => selector.length <= 512)).toBe(true);
          asked++;
        }
        renderAgain();
        for (const { element, target } of made) {
          if (target.fallback?.some((selector) => selector.includes("nth-of-type"))) positional++;
          expect([meant(target) === element, target]).toEqual([true, target]);
        }
      }),
      { numRuns: RUNS },
    );
    // Whatever a page is like, most of it has a name.
    expect(asked).toBeGreaterThan(RUNS * 8);
    expect(positional / asked).toBeLessThan(0.5);
  },
  process.env.CAIRN_SOAK ? 900_000 : 120_000,
);
