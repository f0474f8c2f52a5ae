import { assertNever } from "@cairn/flow-schema";
import type { ASTNode, JSONDocument } from "vscode-json-languageservice";

export type Path = readonly (string | number)[];

/** Where the cursor stands in a JSON document, as far as names are concerned. */
export interface Place {
  /** `key`: a property name is being written; `value`: a value is. */
  readonly kind: "key" | "value";
  /** For a key the path of its object, for a value the path of the value. */
  readonly path: Path;
  /** The text that a completed name replaces, quotes included. */
  readonly from: number;
  readonly to: number;
}

/** The place at an offset; `undefined` outside the document's root or inside a number or keyword. */
export function placeAt(doc: JSONDocument, text: string, offset: number): Place | undefined {
  const node = doc.getNodeFromOffset(offset, true);
  if (node === undefined) return undefined;
  switch (node.type) {
    case "string": {
      if (offset <= node.offset) return undefined;
      const range = { from: node.offset, to: node.offset + node.length };
      const parent = node.parent;
      if (parent?.type === "property" && parent.keyNode === node)
        return { kind: "key", path: parent.parent === undefined ? [] : pathOf(parent.parent), ...range };
      return { kind: "value", path: pathOf(node), ...range };
    }
    case "property": {
      if (node.colonOffset === undefined || node.colonOffset < 0 || offset <= node.colonOffset)
        return undefined;
      if (node.valueNode !== undefined && offset > node.valueNode.offset) return undefined;
      return { kind: "value", path: [...pathOf(node)], ...bare(text, offset) };
    }
    case "array": {
      if (offset <= node.offset || isClosedBefore(node, text, offset)) return undefined;
      const index = node.items.filter((item) => item.offset + item.length <= offset).length;
      return { kind: "value", path: [...pathOf(node), index], ...bare(text, offset) };
    }
    case "object": {
      if (offset <= node.offset || isClosedBefore(node, text, offset)) return undefined;
      const pending = valueAfterColon(text, offset);
      if (pending !== undefined)
        return { kind: "value", path: [...pathOf(node), pending], ...bare(text, offset) };
      return { kind: "key", path: pathOf(node), ...bare(text, offset) };
    }
    case "number":
    case "boolean":
    case "null":
      return undefined;
    default:
      return assertNever(node);
  }
}

/** `steps → 0 → target`: the names and indices that lead to a node. */
export function pathOf(node: ASTNode): Path {
  const path: (string | number)[] = [];
  for (let at: ASTNode | undefined = node; at !== undefined; at = at.parent) {
    const parent: ASTNode | undefined = at.parent;
    if (at.type === "property") path.push(at.keyNode.value);
    else if (parent?.type === "array") path.push(parent.items.indexOf(at));
  }
  return path.reverse();
}

/** An unquoted word that ends at the offset, or nothing. */
function bare(text: string, offset: number): { from: number; to: number } {
  const word = /[\w.$-]*$/.exec(text.slice(0, offset))?.[0] ?? "";
  return { from: offset - word.length, to: offset };
}

function isClosedBefore(node: ASTNode, text: string, offset: number): boolean {
  const end = node.offset + node.length;
  return offset >= end && /[\]}]/.test(text[end - 1] ?? "");
}

/** Behind `"key": ` without a value the parser may give the object itself: the key is read from the text. */
function valueAfterColon(text: string, offset: number): string | undefined {
  const match = /"((?:[^"\\\n]|\\.)*)"\s*:\s*[\w.$-]*$/.exec(text.slice(Math.max(0, offset - 200), offset));
  return match?.[1];
}
