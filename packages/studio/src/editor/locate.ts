import { jsonLanguage } from "@codemirror/lang-json";

type SyntaxNode = ReturnType<typeof jsonLanguage.parser.parse>["topNode"];

/** A stretch of the editor's text, `to` exclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

interface Found {
  /** The property's name; the value itself for an array's element. */
  readonly key: SyntaxNode;
  readonly value: SyntaxNode | undefined;
}

const VALUES = new Set(["Object", "Array", "String", "Number", "True", "False", "Null"]);

/**
 * Where a JSON Pointer leads in a text, made for underlining: a short value is the value itself, an object or
 * array its key, and what is missing leads to the nearest thing that is there. Works on broken JSON too.
 *
 * @param prefersKey underline the key even where the value is short (an unknown field)
 */
export function locate(text: string, pointer: string, prefersKey = false): Range {
  const root = firstValue(jsonLanguage.parser.parse(text).topNode);
  if (root === undefined) return { from: 0, to: Math.min(1, text.length) };
  let value: SyntaxNode = root;
  let key: SyntaxNode | undefined;
  for (const segment of pointerSegments(pointer)) {
    const found: Found | undefined =
      value.name === "Array" ? inArray(value, segment) : inObject(value, segment, text);
    if (found === undefined) return label(value, key);
    if (found.value === undefined) return { from: found.key.from, to: found.key.to };
    value = found.value;
    key = found.key === found.value ? undefined : found.key;
  }
  if (prefersKey && key !== undefined) return { from: key.from, to: key.to };
  return label(value, key);
}

/** `"/steps/0/a~1b"` → `["steps", "0", "a/b"]`; `""` is the whole document. */
export function pointerSegments(pointer: string): readonly string[] {
  return pointer === ""
    ? []
    : pointer
        .slice(pointer.startsWith("/") ? 1 : 0)
        .split("/")
        .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Long values would paint half the editor red: their key, or their opening bracket, stands for them. */
function label(value: SyntaxNode, key: SyntaxNode | undefined): Range {
  if (value.name !== "Object" && value.name !== "Array") return { from: value.from, to: value.to };
  if (key !== undefined) return { from: key.from, to: key.to };
  return { from: value.from, to: value.from + 1 };
}

function firstValue(node: SyntaxNode): SyntaxNode | undefined {
  for (let child = node.firstChild; child !== null; child = child.nextSibling)
    if (VALUES.has(child.name)) return child;
  return undefined;
}

function inArray(array: SyntaxNode, segment: string): Found | undefined {
  let index = Number(segment);
  for (let child = array.firstChild; child !== null; child = child.nextSibling) {
    if (!VALUES.has(child.name)) continue;
    if (index === 0) return { key: child, value: child };
    index -= 1;
  }
  return undefined;
}

function inObject(object: SyntaxNode, segment: string, text: string): Found | undefined {
  for (let child = object.firstChild; child !== null; child = child.nextSibling) {
    if (child.name !== "Property") continue;
    const key = child.getChild("PropertyName");
    if (key !== null && unquoted(text.slice(key.from, key.to)) === segment)
      return { key, value: firstValue(child) };
  }
  return undefined;
}

function unquoted(literal: string): string | undefined {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}
