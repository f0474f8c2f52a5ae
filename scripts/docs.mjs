// Keeps the documentation true: links lead somewhere, `ts` blocks type-check, figures are the measured ones, and the
// generated reference is fresh. (Flow definitions in `json` blocks are validated by flow-schema's own tests.)
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { root } from "./bootstrap.mjs";

const problems = [];
const pages = pnpm(["exec", "git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"])
  .split("\n")
  .filter((path) => path && !path.startsWith(".changeset/"));

checkLinks();
checkTypeScriptBlocks();
checkSizeTable();
checkReference();

for (const problem of problems) console.error(problem);
console.log(`${pages.length} pages, ${problems.length} problems`);
process.exitCode = problems.length === 0 && pages.length > 0 ? 0 : 1;

function checkLinks() {
  for (const page of pages) {
    const text = withoutCode(read(page));
    for (const [, link] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^(https?:|mailto:)/.test(link)) continue;
      const [path, anchor] = link.split("#");
      const file = path === "" ? page : relative(root, resolve(root, dirname(page), path));
      if (!existsSync(join(root, file))) problems.push(`${page}: ${link} leads nowhere`);
      else if (anchor && file.endsWith(".md") && !anchorsOf(file).has(anchor)) {
        problems.push(`${page}: ${link}: ${file} has no heading for #${anchor}`);
      }
    }
  }
}

/** The anchors that GitHub makes of a page's headings. */
function anchorsOf(page) {
  const headings = withoutBlocks(read(page)).matchAll(/^#{1,6}\s+(.+)$/gm);
  return new Set(
    Array.from(headings, ([, heading]) =>
      heading
        .toLowerCase()
        .replaceAll(/[`*_]/g, "")
        .replaceAll(/[^\p{L}\p{N}\s-]/gu, "")
        .trim()
        .replaceAll(" ", "-"),
    ),
  );
}

/** Every ```ts block must compile as a module of a project that has the SDK installed. */
function checkTypeScriptBlocks() {
  const folder = join(root, "packages/sdk/.cache/docs");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  let count = 0;
  for (const page of pages) {
    for (const [, code] of read(page).matchAll(/^```ts\n([\s\S]*?)^```$/gm)) {
      count += 1;
      writeFileSync(join(folder, `block-${count}.ts`), `// ${page}\n${code}\nexport {};\n`);
    }
  }
  if (count === 0) return;
  const config = {
    extends: "../../../../tsconfig.base.json",
    compilerOptions: {
      lib: ["ES2023", "DOM", "DOM.Iterable"],
      types: [],
      jsx: "react-jsx",
      jsxImportSource: "preact",
      paths: { "@cairn/sdk": ["../../src/index.ts"] },
    },
    include: ["."],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const result = spawnSync("pnpm", ["exec", "tsc", "-p", folder], { cwd: root, encoding: "utf8" });
  if (result.status !== 0) problems.push(`ts blocks do not compile:\n${result.stdout}${result.stderr}`);
}

/** README's size table must show what size-limit measures (to 0.1 KB) and the limits it enforces; `--write` mends it. */
function checkSizeTable() {
  const sdk = join(root, "packages/sdk");
  const measured = JSON.parse(pnpm(["exec", "size-limit", "--config", "size-limit.json", "--json"], sdk));
  const limits = JSON.parse(read("packages/sdk/size-limit.json"));
  const rows = measured.map(({ name, size }) => {
    const limit = limits.find((entry) => entry.name === name)?.limit;
    return `| ${name} | ${(size / 1000).toFixed(1)} kB | ${limit} |`;
  });
  const readme = read("README.md");
  const table = /(\| \| measured \| limit \|\n\|---\|---\|---\|\n)((?:\|.*\n)*)/;
  const [, head = "", body = ""] = table.exec(readme) ?? [];
  const wanted = `${rows.join("\n")}\n`;
  if (body === wanted) return;
  if (process.argv.includes("--write"))
    writeFileSync(join(root, "README.md"), readme.replace(table, head + wanted));
  else
    problems.push(`README.md: the size table wants these rows (node scripts/docs.mjs --write):\n${wanted}`);
}

function checkReference() {
  const result = spawnSync("pnpm", ["--filter", "@cairn/flow-schema", "run", "--silent", "docs", "--check"], {
    cwd: root,
    encoding: "utf8",
  });
  if (result.status !== 0) problems.push(`docs/flow-reference.md: ${result.stdout}${result.stderr}`);
}

function withoutBlocks(text) {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, "");
}

function withoutCode(text) {
  return withoutBlocks(text).replaceAll(/`[^`\n]*`/g, "");
}

function read(path) {
  return readFileSync(join(root, path), "utf8");
}

function pnpm(args, cwd = root) {
  const result = spawnSync("pnpm", args, { cwd, encoding: "utf8" });
  if (result.status !== 0 && !result.stdout)
    throw new Error(`pnpm ${args.join(" ")} failed:\n${result.stderr}`);
  return result.stdout;
}
