import { readFileSync } from "node:fs";
import type { Problem } from "@cairn/flow-schema";
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
  let text: string;
  try {
    text = readFileSync(file, "utf8").replace(/^\uFEFF/, "");
  } catch (thrown) {
    throw unreadable(file, thrown);
  }
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const at = (offset: number): Place => {
    const before = text.slice(0, offset);
    return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
  };
  const placeOf = (pointer: string) => at(nodeAt(root, pointer)?.offset ?? 0);
  const [error] = errors;
  if (!error) return { file, value: JSON.parse(text), placeOf };
  const problem = {
    file,
    path: "",
    code: "not-json",
    message: `the file is not JSON: ${wordsOf(printParseErrorCode(error.error))}`,
    fix: "mend the text here",
    ...at(error.offset),
  } as const;
  return { file, value: undefined, problem, placeOf };
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
