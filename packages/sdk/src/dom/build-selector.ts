import type { Target } from "@cairn/flow-schema";
import { anchorSelector, findTarget, selectorsOf } from "./find-target.ts";
import { isStableName, stableClasses } from "./stable-name.ts";
import { treesIn } from "./trees.ts";

/** Attributes that are there for being found by. */
const TEST_IDS = [
  "data-testid",
  "data-test-id",
  "data-test",
  "data-cy",
  "data-qa",
  "data-e2e",
  "data-pw",
  "data-hook",
];
/** Other attributes that say which element it is, best first. */
const NAMES = ["name", "aria-label", "aria-controls", "for", "href", "action", "placeholder", "alt", "title"];
/** And those that say what it is. */
const TRAITS = ["role", "type"];
/** So many fallbacks are written. */
const MOST = 3;
/** Longer words are a text and no name. */
const MAX_WORDS = 60;

/**
 * A target that means this element and no other on the page as it stands: its anchor, where it has one, and fallbacks
 * that rest on what somebody has named (test ids, ids, labels, roles, words), not on classes that a build tool has made
 * up, nor on where it stands among others, as long as there is anything better. `trees` are all that is looked into
 * (document, open shadow roots, frames of the same origin); by default those of the page that the element is in.
 */
export function buildTarget(element: Element, trees: readonly ParentNode[] = allTrees(element)): Target {
  const anchor = element.getAttribute("data-cairn") ?? undefined;
  const finds = (target: Target) =>
    findTarget(trees, target, () => true)?.element === element && isOnly(trees, target);
  const text = wordsOf(element);
  if (anchor !== undefined && anchor !== "") {
    if (finds({ anchor })) {
      const fallback = selectorsFor(element, (selector) => finds({ fallback: [selector] }));
      return fallback.length > 0 ? { anchor, fallback } : { anchor };
    }
    if (text && finds({ anchor, text })) return { anchor, text };
    return { anchor, nth: placeAmong(trees, { anchor }, element) };
  }

  const named = selectorsFor(element, (selector) => finds({ fallback: [selector] }));
  if (named.length > 0) return { fallback: named };
  const plain = plainest(element);
  if (text) {
    const worded = [...plain, element.localName].filter((selector) => finds({ fallback: [selector], text }));
    if (worded.length > 0) return { fallback: worded.slice(0, MOST), text };
  }
  // Where it stands is the last resort. With its words it rather finds nothing than something else.
  const path = pathTo(element, (selector) => finds({ fallback: [selector] }));
  if (path !== undefined) return { fallback: [path], ...(text && { text }) };
  const fallback = [plain[0] ?? element.localName];
  return { fallback, nth: placeAmong(trees, { fallback }, element) };
}

/** All trees of the outermost page of the same origin. */
function allTrees(element: Element): ParentNode[] {
  let { ownerDocument } = element;
  for (;;) {
    const outer = ownerDocument.defaultView?.frameElement?.ownerDocument;
    if (!outer) return [...treesIn(ownerDocument)];
    ownerDocument = outer;
  }
}

function matches(trees: readonly ParentNode[], { text, ...target }: Target): Element[] {
  const [anchor = "", ...fallback] = selectorsOf(target);
  const selector = anchor || fallback[0] || "";
  const fold = (words: string) => words.replace(/\s+/g, " ").trim().toLowerCase();
  return trees
    .flatMap((tree) => (selector ? [...tree.querySelectorAll(selector)] : []))
    .filter((one) => !text || fold(one.textContent ?? "").includes(fold(text)));
}
const isOnly = (trees: readonly ParentNode[], target: Target) => matches(trees, target).length === 1;
const placeAmong = (trees: readonly ParentNode[], target: Target, element: Element) =>
  matches(trees, target).indexOf(element) + 1;

const quoted = (name: string, value: string) => anchorSelector(value).replace("data-cairn", name);

/** What somebody has named the element by, best first. */
function namesOf(element: Element): string[] {
  const tag = element.localName;
  const of = (names: readonly string[], prefix = "") =>
    names.flatMap((name) => {
      const value = element.getAttribute(name);
      return value && isGivenValue(name, value) ? [`${prefix}${quoted(name, value)}`] : [];
    });
  const id = isStableName(element.id)
    ? [/^[A-Za-z][\w-]*$/.test(element.id) ? `#${element.id}` : quoted("id", element.id)]
    : [];
  const traits = of(TRAITS).join("");
  return [
    ...of(["data-cairn"]),
    ...of(TEST_IDS),
    ...id,
    ...of(NAMES, tag),
    ...stableClasses(element).map((name) => `${tag}${name}`),
    ...(traits ? [`${tag}${traits}`] : []),
  ];
}

function isGivenValue(name: string, value: string): boolean {
  if (name === "data-cairn") return true;
  // Addresses of pages, not of things that have a number.
  if (name === "href" || name === "action")
    return /^(\/|#|\.)?[a-z][a-z/_.#-]*$/i.test(value) && value.length < 64;
  if (/^(aria-label|placeholder|alt|title)$/.test(name))
    return value.length <= MAX_WORDS && !/\d/.test(value);
  return isStableName(value);
}

/** What the element is, in one compound, without anything that other elements may not share. */
const plainest = (element: Element) => namesOf(element).slice(-2).reverse();

/** Selectors by names alone: of the element itself, then of it within something that has a name. */
function selectorsFor(element: Element, finds: (selector: string) => boolean): string[] {
  const own = namesOf(element).filter(
    (selector) => selector !== quoted("data-cairn", element.getAttribute("data-cairn") ?? ""),
  );
  const found = own.filter(finds);
  for (let around = element.parentElement; around && found.length < MOST; around = around.parentElement) {
    for (const outer of namesOf(around)) {
      const scoped = [...own, element.localName].map((inner) => `${outer} ${inner}`).find(finds);
      if (scoped !== undefined) {
        found.push(scoped);
        break;
      }
    }
  }
  return found.slice(0, MOST);
}

/** The shortest way down to the element by its place among others, from something with a name if there is any. */
function pathTo(element: Element, finds: (selector: string) => boolean): string | undefined {
  let path = "";
  for (let at: Element | null = element; at; at = at.parentElement) {
    const above: Element | null = at.parentElement;
    const alike = [...(at.parentNode?.children ?? [])].filter(({ localName }) => localName === at?.localName);
    const step = alike.length > 1 ? `${at.localName}:nth-of-type(${alike.indexOf(at) + 1})` : at.localName;
    path = path ? `${step} > ${path}` : step;
    const starts = above ? namesOf(above).map((outer) => `${outer} > ${path}`) : [];
    const found = [path, ...starts].find(finds);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Words that name the element. Numbers are data: they will be others tomorrow. */
function wordsOf(element: Element): string {
  const words = (element.textContent ?? "").replace(/\s+/g, " ").trim();
  return words.length <= MAX_WORDS && !/\d/.test(words) ? words : "";
}
