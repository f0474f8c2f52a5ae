// `pnpm check`: all stages, side by side as far as the machine has cores for them; the last line counts the tests of the
// whole run. What a stage says is shown when it ends, so that none talks into another's words.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { root } from "./bootstrap.mjs";
import { provideBrowsers } from "./browser.mjs";

const reports = join(root, ".cache", "reports");
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const env = { ...process.env, ...provideBrowsers(process.env) };

const browser = (folder, more) => ({
  name: `browser: ${folder}`,
  command: `playwright test --config ${folder}/playwright.config.ts --reporter=line,json`,
  report: `browser-${folder.replace("/", "-")}.json`,
  ...more,
});

/**
 * In the order in which they start as soon as there is room, the longest first, so that what is short fills the gaps at
 * the end; `cores` is about what one keeps busy.
 */
const stages = [
  { name: "build", command: "pnpm run --silent build", cores: 2 },
  {
    name: "unit tests",
    command: "vitest run --reporter=default --reporter=json --outputFile.json=.cache/reports/unit.json",
    cores: 2,
  },
  browser("packages/sdk", { cores: 2, after: "build" }),
  { name: "types", command: "node scripts/types.mjs", cores: 1 },
  {
    name: "Firefox: packages/sdk",
    command: "node --conditions=cairn-source --import tsx packages/sdk/test/firefox/run.ts",
    report: "firefox-packages-sdk.json",
    cores: 1,
  },
  browser("examples/demo-product", { cores: 1, after: "build" }),
  browser("packages/studio", { cores: 1, after: "build" }),
  {
    name: "layers and cycles",
    command: "depcruise --config .dependency-cruiser.cjs packages examples",
    cores: 1,
  },
  { name: "format and lint", command: "biome ci --colors=off --error-on-warnings .", cores: 1 },
  { name: "docs", command: "node scripts/docs.mjs", cores: 1, after: "build" },
  {
    name: "size",
    command: "pnpm --filter @cairn/engine --filter @cairn/sdk run --silent size",
    cores: 1,
    after: "build",
  },
  {
    name: "npm package",
    command: "pnpm --filter @cairn/sdk run --silent package-check",
    cores: 1,
    after: "build",
  },
];

/** Two more than there are: stages wait for pages, timers and processes a good part of their time. */
const ROOM = Math.max(2, availableParallelism()) + 2;
const began = performance.now();
const results = await runAll(stages);

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
console.log(`all in ${secondsSince(began).toFixed(1)} s`);
for (const { name, why } of counts.flatMap(({ failures }) => failures)) console.log(`\n✗ ${name}\n${why}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;

/** Runs every stage, also after one has failed, and gives what came of them in the order in which they ended. */
async function runAll(all) {
  const done = [];
  const running = new Map();
  const waiting = [...all];
  while (waiting.length > 0 || running.size > 0) {
    for (const stage of [...waiting]) {
      const taken = [...running.keys()].reduce((cores, other) => cores + other.cores, 0);
      if (stage.after && !done.some(({ name }) => name === stage.after)) continue;
      // Nor does a small one start before it, or it might never have room.
      if (taken + stage.cores > ROOM) break;
      waiting.splice(waiting.indexOf(stage), 1);
      console.log(`   ${stage.name} …`);
      running.set(stage, runStage(stage));
    }
    const { stage, output, ...result } = await Promise.race(running.values());
    running.delete(stage);
    done.push(result);
    process.stdout.write(`\n── ${stage.name}\n${output.trimEnd()}\n\n`);
  }
  return done;
}

function runStage(stage) {
  const { name, command, report } = stage;
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(`pnpm exec ${command}`, {
      cwd: root,
      shell: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: report ? { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: join(reports, report) } : env,
    });
    const chunks = [];
    child.stdout.on("data", (chunk) => chunks.push(chunk));
    child.stderr.on("data", (chunk) => chunks.push(chunk));
    const end = (ok) =>
      resolve({
        stage,
        name,
        ok,
        seconds: secondsSince(started),
        output: Buffer.concat(chunks).toString("utf8"),
      });
    child.on("error", (error) => {
      chunks.push(Buffer.from(`${error}\n`));
      end(false);
    });
    child.on("close", (status) => end(status === 0));
  });
}

function secondsSince(start) {
  return (performance.now() - start) / 1000;
}

function sum(key) {
  return counts.reduce((total, count) => total + count[key], 0);
}

function countUnit() {
  const report = read("unit.json");
  const failures = (report?.testResults ?? []).flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status === "failed");
    const path = relative(root, file.name);
    // A file that could not even be loaded has no test to blame.
    if (failed.length === 0 && file.status === "failed") return [failureOf(path, file.message)];
    return failed.map((test) => failureOf(`${path} › ${test.fullName}`, test.failureMessages.join("\n")));
  });
  return { passed: report?.numPassedTests ?? 0, failed: report?.numFailedTests ?? 0, failures };
}

function countBrowser(file) {
  const report = read(file);
  const { expected = 0, flaky = 0, unexpected = 0 } = report?.stats ?? {};
  return {
    passed: expected + flaky,
    failed: unexpected,
    failures: (report?.suites ?? []).flatMap(failuresIn),
  };
}

/** The failures of a suite of a browser's report and of all suites in it. */
function failuresIn({ suites = [], specs = [] }) {
  const own = specs
    .filter(({ ok }) => !ok)
    .map(({ file, line, title, tests }) => {
      const errors = tests.flatMap(({ results }) => results.flatMap((result) => result.errors ?? []));
      return failureOf(`${file}:${line} › ${title}`, errors.map(({ message }) => message).join("\n"));
    });
  return [...own, ...suites.flatMap(failuresIn)];
}

/** Said again at the very end, where whoever sees only the end of a run will find it: hence only its first lines. */
function failureOf(name, why) {
  return { name, why: stripVTControlCharacters(why).split("\n").slice(0, 12).join("\n") };
}

function read(file) {
  const path = join(reports, file);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : undefined;
}
