import { isUtf8 } from "node:buffer";
import { readFileSync } from "node:fs";
import type { Problem } from "@cairn/flow-schema";
import { pointer } from "@cairn/flow-schema";
import { findNodeAtLocation, type Node, type ParseError, parseTree, printParseErrorCode } from "jsonc-parser";
import { unreadable } from "./failure.ts";

/** Where something stands in a file, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One JSON file, with the places of all that is in it. */
export interface JsonFile {
  /** As it was given, or found in the folder that was given. */
  readonly file: string;
  readonly value: unknown;
  /** What keeps it from being JSON. */
  readonly problem?: Problem & Place;
  /** Where a JSON Pointer leads; where it leads nowhere, the nearest place that holds it. */
  placeOf(pointer: string): Place;
}

export function readJsonFile(file: string): JsonFile {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (thrown) {
    throw unreadable(file, thrown);
  }
  const text = textOf(bytes);
  const { root, errors, twice, isDeep } = readTree(text);
  const at = (offset: number): Place => {
    const before = text.slice(0, offset);
    return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
  };
  const placeOf = (pointer: string) => at(nodeAt(root, pointer)?.offset ?? 0);
  const wrong = (
    path: string,
    message: string,
    fix: string,
    offset: number,
    code: Problem["code"] = "not-json",
  ): JsonFile => ({
    file,
    value: undefined,
    problem: { file, path, code, message, fix, ...at(offset) },
    placeOf,
  });
  // What is no UTF-8 would be published as question marks.
  if (!isUtf8(bytes)) return wrong("", "the file is not UTF-8", "save it as UTF-8", text.indexOf("\uFFFD"));
  const [error] = errors;
  if (error) {
    const why = wordsOf(printParseErrorCode(error.error));
    return wrong("", `the file is not JSON: ${why}`, "mend the text here", error.offset);
  }
  if (isDeep)
    return wrong(
      "",
      "lists and objects stand in each other too deep",
      "write at most 32 levels",
      0,
      "too-deep",
    );
  if (twice)
    return wrong(twice.path, `"${twice.name}" stands here twice`, "keep one of them", twice.node.offset);
  return { file, value: JSON.parse(text), placeOf };
}

interface Tree {
  readonly root?: Node | undefined;
  readonly errors: readonly ParseError[];
  readonly twice?: Twice | undefined;
  /** So deep that it cannot be walked: no definition is. */
  readonly isDeep?: true;
}

function readTree(text: string): Tree {
  const errors: ParseError[] = [];
  try {
    const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
    return { root, errors, twice: root && saidTwice(root) };
  } catch (thrown) {
    if (thrown instanceof RangeError) return { errors, isDeep: true };
    throw thrown;
  }
}

/** Without the mark that some editors begin a file with. */
export const textOf = (bytes: Buffer): string => bytes.toString("utf8").replace(/^\uFEFF/, "");

interface Twice {
  readonly path: string;
  readonly name: string;
  readonly node: Node;
}

/** The first field that an object has already: JSON takes the last of them, and nobody would be told. */
function saidTwice(node: Node, path = ""): Twice | undefined {
  const seen = new Set<string>();
  for (const [index, child] of (node.children ?? []).entries()) {
    const [key, value] = child.type === "property" ? (child.children ?? []) : [];
    const name = key === undefined ? `${index}` : `${key.value}`;
    const own = pointer(path, name);
    if (key !== undefined && seen.has(name)) return { path: own, name, node: child };
    seen.add(name);
    const found = saidTwice(value ?? child, own);
    if (found) return found;
  }
  return undefined;
}

function nodeAt(root: Node | undefined, pointer: string): Node | undefined {
  const path = pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  for (let length = path.length; root && length > 0; length--) {
    const steps: (string | number)[] = [];
    let node: Node | undefined = root;
    for (const part of path.slice(0, length)) {
      steps.push(node?.type === "array" ? Number(part) : part);
      node = findNodeAtLocation(root, steps);
      if (!node) break;
    }
    // The name tells more than where its value begins.
    if (node) return node.parent?.type === "property" ? node.parent : node;
  }
  return root;
}

/** "CommaExpected" as words. */
const wordsOf = (code: string) => code.replace(/(?<!^)([A-Z])/g, " $1").toLowerCase();
