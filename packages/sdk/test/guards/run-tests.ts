import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Tests } from "./guard.ts";

/** No suite takes as long; what hangs is ended. Milliseconds. */
const HANGS_MS = 900_000;

/** A test that goes on for longer without its guard is red. Milliseconds. */
const RED_MS = 60_000;

export interface Outcome {
  /** Titles of the tests that passed and that failed. */
  readonly passed: readonly string[];
  readonly failed: readonly string[];
  /** What the tests say that they tried; 0 where they say nothing. */
  readonly cases: number;
  /** Why it came to nothing: a file that could not be loaded, or an end that never came. */
  readonly mishap: string | undefined;
}

/** Runs tests in this copy of the repository. `first`: ends with the first that fails, where that saves time. */
export async function runTests(folder: string, tests: Tests, first = false): Promise<Outcome> {
  const answers = join(folder, "outcome.json");
  const counted = join(folder, "cases");
  rmSync(answers, { force: true });
  rmSync(counted, { force: true });
  const [command, ...args] =
    tests.with === "vitest" ? vitest(tests, answers, first) : playwright(tests, first);
  const env = {
    ...process.env,
    CAIRN_CASES: counted,
    PLAYWRIGHT_JSON_OUTPUT_NAME: answers,
    CAIRN_SOAK: tests.soak ? "1" : "",
    DRAW_SEED: "",
    VITEST: "",
  };
  const cwd = tests.with === "vitest" ? folder : join(folder, "packages/sdk");
  const words = await run(command as string, args, cwd, env);
  const cases = existsSync(counted)
    ? readFileSync(counted, "utf8")
        .trim()
        .split("\n")
        .reduce((sum, line) => sum + Number(line), 0)
    : 0;
  if (!existsSync(answers)) return { passed: [], failed: [], cases, mishap: words.slice(-2_000) };
  const read = tests.with === "vitest" ? readVitest : readPlaywright;
  return { cases, ...read(JSON.parse(readFileSync(answers, "utf8"))) };
}

function vitest({ files, only }: Tests, answers: string, first: boolean): string[] {
  const one = files.map((file) => file.split("/")[1]);
  const project = [...new Set(one)].flatMap((name) => ["--project", `${name}`]);
  return [
    ...["node_modules/.bin/vitest", "run", ...project, "--reporter=json", `--outputFile=${answers}`],
    // Without its guard a test may wait for what never comes.
    ...(first ? [`--testTimeout=${RED_MS}`] : []),
    ...(only === undefined ? [] : ["-t", only]),
    ...files,
  ];
}
function playwright({ files, only }: Tests, first: boolean): string[] {
  return [
    ...[
      "node_modules/.bin/playwright",
      "test",
      "--config",
      "playwright.config.ts",
      "--reporter=json",
      "--workers=2",
    ],
    ...(first ? ["-x"] : []),
    ...(only === undefined ? [] : ["--grep", only]),
    ...files.map((file) => file.replace("packages/sdk/", "")),
  ];
}

function run(command: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve) => {
    // A group of its own: what it has started ends with it.
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    let words = "";
    const hear = (data: Buffer) => {
      words = `${words}${data}`.slice(-20_000);
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    const end = () => {
      if (child.pid) process.kill(-child.pid, "SIGKILL");
    };
    process.once("exit", end);
    const timer = setTimeout(() => {
      words += "\nno end";
      end();
    }, HANGS_MS);
    child.once("error", (error) => resolve(`${error}`));
    child.once("close", () => {
      clearTimeout(timer);
      process.off("exit", end);
      resolve(words);
    });
  });
}

interface VitestAnswers {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}
function readVitest(answers: VitestAnswers): Omit<Outcome, "cases"> {
  const all = answers.testResults.flatMap(({ assertionResults }) => assertionResults);
  const titles = (status: string) => all.filter((one) => one.status === status).map((one) => one.fullName);
  const unread = answers.testResults.find(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((one) => one.status !== "failed"),
  );
  return {
    passed: titles("passed"),
    failed: titles("failed"),
    mishap: unread && `${unread.name}: ${unread.message}`,
  };
}

interface PlaywrightSuite {
  readonly suites?: readonly PlaywrightSuite[];
  readonly specs?: readonly {
    readonly title: string;
    readonly tests: readonly { readonly status: string }[];
  }[];
}
function readPlaywright(
  answers: PlaywrightSuite & { readonly errors?: readonly { readonly message?: string }[] },
): Omit<Outcome, "cases"> {
  const specsOf = ({
    suites = [],
    specs = [],
  }: PlaywrightSuite): NonNullable<PlaywrightSuite["specs"]>[number][] => [
    ...specs,
    ...suites.flatMap(specsOf),
  ];
  const all = specsOf(answers).flatMap(({ title, tests }) => tests.map(({ status }) => ({ title, status })));
  const titles = (status: string) => all.filter((one) => one.status === status).map((one) => one.title);
  const failed = titles("unexpected");
  const [error] = answers.errors ?? [];
  return {
    passed: titles("expected"),
    failed,
    mishap: failed.length ? undefined : error?.message,
  };
}
