import { readdirSync, readFileSync } from "node:fs";
import {
  formatProblem,
  LEAF_KEYS,
  type Validation,
  validateFeature,
  validateFlow,
  validateSegment,
  validateSettings,
} from "@cairn/flow-schema";
import { validateMessage } from "@cairn/flow-schema/message";
import { describe, expect, it } from "vitest";

/** Pages where every `json` block is a definition, a condition or a message; elsewhere it may be anything. */
const OURS = ["docs/authoring.md", "docs/flow-reference.md"];
const ROOT = new URL("../../../", import.meta.url);

interface Block {
  readonly place: string;
  readonly page: string;
  readonly text: string;
}

const pages = ["README.md", ...readdirSync(new URL("docs/", ROOT)).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith(".md"),
);
const blocks: readonly Block[] = pages.flatMap((page) => {
  const text = readFileSync(new URL(page, ROOT), "utf8");
  return [...text.matchAll(/^```json\n(.*?)^```$/gms)].map((match) => ({
    page,
    place: `${page}:${text.slice(0, match.index).split("\n").length + 1}`,
    text: match[1] ?? "",
  }));
});

type Fields = { readonly [key: string]: unknown };

/** The kind of thing a block shows, by the fields that only it has. */
function validate(value: Fields, file: string, ours: boolean): Validation<unknown> | undefined {
  if ("kind" in value && !("flow" in value)) return validateFlow(value, { file });
  if (!ours) return undefined;
  const [first = ""] = Object.keys(value);
  if ("uses" in value) return validateFeature(value, { file });
  if ("where" in value && "id" in value) return validateSegment(value, { file });
  if ("messageId" in value) {
    const result = validateMessage(value, file);
    return result.ok ? result : { ok: false, problems: [result.problem] };
  }
  if (["all", "any", "not", ...LEAF_KEYS].includes(first))
    return validateSegment({ id: "block", where: value }, { file });
  return validateSettings(value, { file });
}

describe("json blocks of the documentation", () => {
  it.each(blocks)("$place is valid", ({ place, page, text }) => {
    const value = JSON.parse(text) as unknown;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return;
    const result = validate(value as Fields, place, OURS.includes(page));
    expect(result?.ok === false ? result.problems.map(formatProblem) : []).toEqual([]);
  });

  it("are found: at least 40, among them 3 whole flows", () => {
    expect(blocks.length).toBeGreaterThanOrEqual(40);
    expect(blocks.filter(({ text }) => /"kind"/.test(text)).length).toBeGreaterThanOrEqual(3);
  });
});
