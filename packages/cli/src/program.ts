import { Command, CommanderError, Option } from "commander";
import { isFailure } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

/** 0: done; 1: done, and something was found; 2: not done, because of how it was asked or because something failed. */
export type ExitCode = 0 | 1 | 2;

/** Runs one command line. Never throws: what goes wrong is told on standard error. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = 0;
  const ends = async (done: Promise<ExitCode> | ExitCode) => {
    code = await done;
  };
  try {
    await createProgram(terminal, ends).parseAsync(args, { from: "user" });
    return code;
  } catch (thrown) {
    // Commander has said by itself what it has to say.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? 0 : 2;
    const { message, stack } = thrown as Error;
    terminal.stderr.write(`${isFailure(thrown) ? message : `cairn failed: ${stack ?? message}`}\n`);
    return 2;
  }
}

type Ends = (code: Promise<ExitCode> | ExitCode) => Promise<void>;

/** Each command is loaded when it is asked for. */
function createProgram(terminal: Terminal, ends: Ends): Command {
  const program = new Command("cairn")
    .description("Check, read back, replay and explain flows, before anybody is shown them.")
    .helpCommand(false)
    .exitOverride()
    .showHelpAfterError("(cairn --help lists all commands and options)")
    .configureOutput({
      writeOut: (text) => void terminal.stdout.write(text),
      writeErr: (text) => void terminal.stderr.write(text),
    });

  definitionOptions(program.command("lint"), false)
    .description("Find what is invalid, can never work, or is likely not meant.")
    .argument("[folder]", "folder with flows/, features/, segments/ and settings.json")
    .option("--catalog <file>", "what GET /v1/catalog answers: finds names that were never seen")
    .option("--today <date>", "day against which dates are held (default: today)")
    .option("--json", "findings as JSON")
    .addOption(new Option("--sarif", "findings as SARIF 2.1.0").conflicts("json"))
    .action(async (folder: string | undefined, options) => {
      const { lintDefinitions } = await import("./commands/lint.ts");
      await ends(lintDefinitions({ folder, ...options }, terminal));
    });

  program
    .command("describe")
    .description("Read flows back, each as one plain sentence.")
    .argument("<paths...>", "flow files, or folders of them")
    .addOption(new Option("--lang <language>", "language").choices(["en", "ru"]).default("en"))
    .option("--features <folder>", "folder of features, for their names")
    .option("--segments <folder>", "folder of segments, for their names")
    .option("--json", "sentences as JSON")
    .action(async (paths: string[], options) => {
      const { describeFlows } = await import("./commands/describe.ts");
      await ends(describeFlows({ paths, ...options }, terminal));
    });

  replayOptions(program.command("simulate"))
    .description("Replay an event log: who would be shown what, how often, and why not.")
    .option("--against <folder>", "other flows: says what --flows change compared with them")
    .option("--json", "every decision and the summary as JSON")
    .action(async (options) => {
      const { replayLog } = await import("./commands/simulate.ts");
      await ends(replayLog(options, terminal));
    });

  replayOptions(program.command("explain"))
    .description("Say why somebody was shown a flow at a moment, or why not.")
    .requiredOption("--user <id>", "user id, or anonymous id")
    .requiredOption("--flow <id>", "id of the flow")
    .requiredOption("--at <time>", "the moment, ISO 8601; a date alone is 00:00 UTC")
    .option("--json", "explanation and decisions as JSON")
    .action(async (options) => {
      const { explainDecision } = await import("./commands/explain.ts");
      await ends(explainDecision(options, terminal));
    });
  return program;
}

function definitionOptions(command: Command, needed: boolean): Command {
  const flows = new Option("--flows <folder>", "folder of flow files");
  return command
    .addOption(needed ? flows.makeOptionMandatory() : flows)
    .option("--features <folder>", "folder of feature files")
    .option("--segments <folder>", "folder of segment files")
    .option("--settings <file>", "settings file");
}

const replayOptions = (command: Command): Command =>
  definitionOptions(command, true)
    .requiredOption("--events <file>", "event log, one JSON message a line; - reads standard input")
    .option(
      "--respond <how>",
      "what people do with a hint: ignore, dismiss, complete or random:SEED",
      "ignore",
    )
    .addOption(
      new Option("--targets <where>", "whether targets are on the page")
        .choices(["present", "absent"])
        .default("present"),
    );
