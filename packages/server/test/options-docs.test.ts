import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { flagOf, OPTIONS, type OptionName } from "../src/options/option-table.ts";

const PAGE = new URL("../../../docs/self-hosting.md", import.meta.url);

it("docs/self-hosting.md has every option as the code has it", () => {
  const names = Object.keys(OPTIONS) as OptionName[];
  const rows = names.map((name) => {
    const { env, fallback, meaning } = OPTIONS[name];
    return `| \`${flagOf(name)}\` | \`${env}\` | \`${name}\` | ${fallback} | ${meaning} |`;
  });
  const table = [
    "| flag | environment | in the file | default | meaning |",
    "|---|---|---|---|---|",
    ...rows,
  ];
  const lines = readFileSync(PAGE, "utf8").split("\n");
  const start = lines.indexOf(table[0] ?? "");
  expect(lines.slice(start, start + table.length).join("\n")).toBe(table.join("\n"));
  expect(lines[start + table.length]).toBe("");
  expect(names.length).toBeGreaterThanOrEqual(17);
});
