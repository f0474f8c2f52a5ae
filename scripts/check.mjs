// `pnpm check`: each stage in turn, cheapest first; the last line counts the tests of the whole run.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./bootstrap.mjs";
import { provideBrowser } from "./browser.mjs";

const reports = join(root, ".cache", "reports");
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const env = { ...process.env, CAIRN_CHROMIUM: provideBrowser(process.env) };
const BROWSER_SUITES = ["packages/sdk", "packages/studio", "examples/demo-product"];

const stages = [
  { name: "format and lint", command: "biome ci --colors=off --error-on-warnings ." },
  { name: "layers and cycles", command: "depcruise --config .dependency-cruiser.cjs packages examples" },
  { name: "types", command: "node scripts/types.mjs" },
  {
    name: "unit tests",
    command: "vitest run --reporter=default --reporter=json --outputFile.json=.cache/reports/unit.json",
  },
  { name: "build", command: "pnpm run --silent build" },
  { name: "size", command: "pnpm --filter @cairn/engine --filter @cairn/sdk run --silent size" },
  { name: "npm package", command: "pnpm --filter @cairn/sdk run --silent package-check" },
  { name: "docs", command: "node scripts/docs.mjs" },
  ...BROWSER_SUITES.map((folder) => ({
    name: `browser: ${folder}`,
    command: `playwright test --config ${folder}/playwright.config.ts --reporter=line,json`,
    report: `browser-${folder.replace("/", "-")}.json`,
  })),
  {
    name: "Firefox: packages/sdk",
    command: "node --conditions=cairn-source --import tsx packages/sdk/test/firefox/run.ts",
    report: "firefox-packages-sdk.json",
  },
];

const results = [];
for (const { name, command, report } of stages) {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const { status } = spawnSync(`pnpm exec ${command}`, {
    cwd: root,
    shell: true,
    stdio: "inherit",
    env: report ? { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: join(reports, report) } : env,
  });
  results.push({ name, ok: status === 0, seconds: (performance.now() - started) / 1000 });
}

const counts = [
  countUnit(),
  ...stages.filter((stage) => stage.report).map((stage) => countBrowser(stage.report)),
];
const passed = sum("passed");
const brokenStages = results.filter((result) => !result.ok).length;
// A stage that failed without a failing test of its own (types, size, a crash) counts as one failure.
const failed = Math.max(sum("failed"), brokenStages);

console.log("\n── summary");
for (const { name, ok, seconds } of results)
  console.log(`${ok ? "ok    " : "FAILED"} ${name} (${seconds.toFixed(1)} s)`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

function sum(key) {
  return counts.reduce((total, count) => total + count[key], 0);
}

function countUnit() {
  const report = read("unit.json");
  return { passed: report?.numPassedTests ?? 0, failed: report?.numFailedTests ?? 0 };
}

function countBrowser(file) {
  const stats = read(file)?.stats;
  return { passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0), failed: stats?.unexpected ?? 0 };
}

function read(file) {
  const path = join(reports, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}
