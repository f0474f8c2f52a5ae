import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Built, buildIn } from "./built.ts";
import { copyRepository, ROOT } from "./copy.ts";
import type { Guard, Suite, Tests } from "./guard.ts";
import { type Shown, writePage } from "./page.ts";
import { type Outcome, runTests } from "./run-tests.ts";
import { SUITES } from "./suites.ts";

/**
 * Shows of each suite that it is green, and that it goes red when a guard is taken out: `pnpm --filter @cairn/sdk run
 * guards [part of a name …] [--write]`. Works in a copy of the repository; `--write` writes docs/guards.md.
 */
const given = process.argv.slice(2);
const names = given.filter((one) => !one.startsWith("--"));
const isAsked = (name: string) => !names.length || names.some((one) => name.includes(one));
const say = (words: string) => process.stdout.write(`${words}\n`);

const { folder, remove } = copyRepository();
process.once("exit", remove);
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
const mishaps: string[] = [];
const fail = (words: string) => {
  mishaps.push(words);
  say(`  ✗ ${words}`);
};

async function runAll(all: readonly Tests[], built: Built): Promise<Outcome> {
  let sum: Outcome = { passed: [], failed: [], cases: 0, mishap: undefined };
  for (const tests of all) {
    if (tests.built) built.refresh();
    const one = await runTests(folder, tests);
    sum = {
      passed: [...sum.passed, ...one.passed],
      failed: [...sum.failed, ...one.failed],
      cases: sum.cases + (one.cases || one.passed.length + one.failed.length),
      mishap: sum.mishap ?? one.mishap,
    };
  }
  return sum;
}

/** Takes one guard out, runs what must go red, and puts it back. */
async function takeOut(guard: Guard, suite: Suite, built: Built): Promise<readonly string[]> {
  const path = join(folder, guard.file);
  const whole = readFileSync(path, "utf8");
  const parts = whole.split(guard.out);
  if (parts.length !== 2) {
    fail(`${guard.name}: its text is found ${parts.length - 1} times in ${guard.file}`);
    return [];
  }
  writeFileSync(path, parts.join(guard.put));
  built.stale();
  try {
    const red: string[] = [];
    for (const tests of guard.red ? [guard.red] : suite.tests) {
      if (tests.built) built.refresh();
      const { failed, mishap } = await runTests(folder, tests, true);
      if (mishap) fail(`${guard.name}: ${mishap}`);
      red.push(...failed);
    }
    if (!red.length) fail(`${guard.name}: taken out, and nothing goes red`);
    return red;
  } finally {
    writeFileSync(path, whole);
    built.stale();
  }
}

function write(shown: Shown): void {
  if (!given.includes("--write")) return;
  const page = join(ROOT, "docs/guards.md");
  writeFileSync(page, writePage(SUITES, shown, existsSync(page) ? readFileSync(page, "utf8") : ""));
}

const built = buildIn(folder);
for (const suite of SUITES) {
  const guards = suite.guards.filter(({ name }) => isAsked(name) || isAsked(suite.name));
  if (!guards.length) continue;
  const began = Date.now();
  const green = await runAll(suite.tests, built);
  say(
    `${suite.name}: ${green.passed.length} tests, ${green.cases} cases, ${Math.round((Date.now() - began) / 1_000)} s`,
  );
  if (green.mishap) fail(green.mishap);
  for (const title of green.failed) fail(`red with all guards in: ${title}`);
  const taken: Shown["guards"][number][] = [];
  for (const guard of guards) {
    const since = Date.now();
    const red = await takeOut(guard, suite, built);
    if (red.length)
      say(`  ✓ ${guard.name}: ${red.length} red, ${Math.round((Date.now() - since) / 1_000)} s: ${red[0]}`);
    taken.push({ guard, red });
  }
  if (!green.failed.length && !green.mishap)
    write({ suite, tests: green.passed.length, cases: green.cases, guards: taken });
}
say(mishaps.length ? `${mishaps.length} went wrong` : "each guard is needed");
process.exitCode = mishaps.length ? 1 : 0;
