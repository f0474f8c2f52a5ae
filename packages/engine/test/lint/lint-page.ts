import type { Rule } from "../../src/lint/index.ts";
import type { Example } from "./examples.ts";

const GROUPS: readonly (readonly [first: string, title: string, text: string])[] = [
  ["never-true", "Conditions", "What a condition says, whoever it is asked of."],
  ["never-fires", "Flows", "How a flow works, alone and beside the others."],
  [
    "missing-locale",
    "Words, addresses, care and names",
    "What people read, where buttons lead, who looks after it, and what the product has really sent.",
  ],
  ["hard-to-read", "Look", "Colours, of the settings and of single flows."],
];

/** The whole of docs/lint.md. */
export function lintPage(rules: readonly Rule[], examples: { readonly [code: string]: Example }): string {
  const lines = [
    "<!-- Made from the rules in packages/engine/src/lint and the examples in packages/engine/test/lint/examples.ts by its own test (WRITE_DOCS=1). Change those, not this file. -->",
    "",
    "# What lint finds",
    "",
    "The validator says whether a definition is well formed. `cairn lint` then says whether it does what its author meant. Each finding names the file, the place, why it matters and what to do.",
    "",
    "- An **error** is proven: what it names can never work. Tests hold lint to it: what it calls impossible is asked of the real engine in ten thousand random tries, and in small worlds completely. Where a proof is too hard, lint says nothing.",
    "- A **warning** works, but likely not as meant.",
    "- An **info** is worth a look.",
    "",
    "Names are compared with the catalog of what really arrived (`GET /v1/catalog`), dates with today; without them these findings are left out.",
    "",
    "| code | severity | what is wrong |",
    "|---|---|---|",
    ...rules.map(({ code, severity, title }) => `| [\`${code}\`](#${code}) | ${severity} | ${title} |`),
    "",
  ];
  for (const { code, severity, title, help } of rules) {
    const group = GROUPS.find(([first]) => first === code);
    if (group) lines.push(`## ${group[1]}`, "", group[2], "");
    const { case: told = "", write = {} } = examples[code] ?? {};
    lines.push(`### ${code}`, "", `*${severity}* · ${title}. ${help}`, "", `${told}`, "");
    lines.push("```jsonc", pretty(write), "```", "");
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

/** JSON as people write it: what fits on a line stays on it. */
function pretty(value: unknown, indent = ""): string {
  const flat = spaced(value);
  if (flat.length + indent.length <= 100 || typeof value !== "object" || value === null) return flat;
  const inner = `${indent}  `;
  if (Array.isArray(value))
    return `[\n${value.map((one) => inner + pretty(one, inner)).join(",\n")}\n${indent}]`;
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return `{\n${fields.map(([key, one]) => `${inner}${JSON.stringify(key)}: ${pretty(one, inner)}`).join(",\n")}\n${indent}}`;
}

function spaced(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).filter(([, one]) => one !== undefined);
  return fields.length
    ? `{ ${fields.map(([key, one]) => `${JSON.stringify(key)}: ${spaced(one)}`).join(", ")} }`
    : "{}";
}
