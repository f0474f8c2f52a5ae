import { Argument, Command, CommanderError, Option } from "commander";
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
    .description(
      "Check, read back, replay and explain flows before anybody is shown them, bring them to a server, and run it.",
    )
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
    .option("--users <number>", "how many people there are: finds holdouts too small to tell anything")
    .option("--accounts <number>", "how many accounts there are, for holdouts by account")
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
  // Its options are the server's own, which reads them also from the environment and a file.
  program
    .command("serve")
    .description("Run a server; cairn serve --help lists its options.")
    .helpOption(false)
    .allowUnknownOption()
    .allowExcessArguments()
    .action(async (_, { args }: Command) => {
      const { serveHere } = await import("./commands/serve.ts");
      await ends(serveHere(args));
    });
  for (const [name, what] of [
    ["backup", "Copy all that a server keeps into a file, while it runs."],
    ["restore", "Make a new database of a backup."],
  ] as const)
    program
      .command(name)
      .description(`${what.slice(0, -1)}; cairn ${name} --help lists its options.`)
      .helpOption(false)
      .allowUnknownOption()
      .allowExcessArguments()
      .action(async (_, { args }: Command) => {
        const { backUp, restore } = await import("./commands/backup.ts");
        await ends((name === "backup" ? backUp : restore)(args, terminal));
      });
  environmentCommands(program, terminal, ends);
  keyCommands(program, terminal, ends);
  userCommands(program, terminal, ends);
  return program;
}

/** A folder in version control against an environment of a server. */
function environmentCommands(program: Command, terminal: Terminal, ends: Ends): void {
  const folder = (name: string, what: string) =>
    remoteOptions(program.command(name))
      .description(what)
      .argument("[folder]", "folder with flows/, features/, segments/ and settings.json", ".")
      .option("--json", "the answer as JSON");
  const planned = (command: Command) =>
    command
      .option("--draft", "write drafts, publish nothing")
      .option("--prune", "delete what is not in the folder");
  planned(folder("plan", "Say what apply would change; exit code 1 where that is anything.")).action(
    async (path: string, options) => {
      const { planFolder } = await import("./commands/environment.ts");
      await ends(planFolder({ folder: path, ...options }, terminal));
    },
  );
  planned(folder("apply", "Make an environment what a folder says: exact, and only once."))
    .option("--note <text>", "why; kept with each version that is published")
    .action(async (path: string, options) => {
      const { applyFolder } = await import("./commands/environment.ts");
      await ends(applyFolder({ folder: path, ...options }, terminal));
    });
  folder("pull", "Write the definitions of an environment into a folder.")
    .option("--prune", "remove files of what is not there any more")
    .action(async (path: string, options) => {
      const { pullFolder } = await import("./commands/environment.ts");
      await ends(pullFolder({ folder: path, ...options }, terminal));
    });
  remoteOptions(program.command("preview"))
    .description("Make a link that opens a draft on the real page, for an hour.")
    .argument("<flow>", "id of a flow on the server, or a file, flow.json")
    .requiredOption("--page <url>", "address of the page")
    .option("--user <id>", "be this person")
    .option("--traits <json>", "with these traits")
    .option("--account <id>", "in this account")
    .option("--account-traits <json>", "with these traits")
    .option("--json", "the answer as JSON")
    .action(async (flow: string, options) => {
      const { previewFlow } = await import("./commands/preview.ts");
      await ends(previewFlow({ flow, ...options }, terminal));
    });
}

/** Who may ask the server, and who may sign in. */
function keyCommands(program: Command, terminal: Terminal, ends: Ends): void {
  const keys = program
    .command("keys")
    .description("Keys of an environment, and what user tokens are signed with.");
  const under = (parent: Command, name: string, what: string) =>
    remoteOptions(parent.command(name)).description(what).option("--json", "the answer as JSON");
  const ofEnvironment = (name: string, what: string) =>
    under(keys, name, what).addOption(
      new Option(
        "--environment <name>",
        "whose keys (default: that of the asking key; from production also the others)",
      ).choices(["development", "staging", "production"]),
    );
  ofEnvironment("list", "List keys and signing keys.").action(async (options) => {
    await ends((await import("./commands/keys.ts")).listKeys(options, terminal));
  });
  ofEnvironment("create", "Make a key; it is shown once.")
    .addOption(
      new Option("--kind <kind>", "for pages, or for servers")
        .choices(["public", "secret"])
        .default("secret"),
    )
    .option("--name <text>", "what it is for")
    .option("--scope <scope...>", "what a secret key may do (default: what the asking key may)")
    .option("--origin <origin...>", "pages that may use a public key (default: any)")
    .option("--expires <date>", "when it ends")
    .action(async (options) => {
      await ends((await import("./commands/keys.ts")).createKey(options, terminal));
    });
  ofEnvironment("revoke", "Let a key open nothing any more.")
    .argument("<id>", "its id, as listed")
    .action(async (id: string, options) => {
      await ends((await import("./commands/keys.ts")).revokeKey(id, options, terminal));
    });
  ofEnvironment("sign", "Add a key that user tokens are signed with; two can live side by side.")
    .addArgument(
      new Argument("<algorithm>", "HS256: a secret is made; EdDSA: give your public key").choices([
        "HS256",
        "EdDSA",
      ]),
    )
    .option("--public-key <file>", "Ed25519 public key, PEM or JWK")
    .action(async (alg: "HS256" | "EdDSA", options) => {
      await ends((await import("./commands/keys.ts")).addSigningKey(alg, options, terminal));
    });
  ofEnvironment("unsign", "Refuse user tokens of a signing key.")
    .argument("<kid>", "its kid, as listed")
    .action(async (kid: string, options) => {
      await ends((await import("./commands/keys.ts")).removeSigningKey(kid, options, terminal));
    });
  const people = program.command("people").description("Who may sign in to the studio.");
  under(people, "list", "List them.").action(async (options) => {
    await ends((await import("./commands/keys.ts")).listPeople(options, terminal));
  });
  under(people, "put", "Let somebody in, or change their role or password.")
    .argument("<email>", "their address")
    .addOption(
      new Option("--role <role>", "what they may do").choices(["author", "publisher"]).makeOptionMandatory(),
    )
    .option("--name <text>", "what they are called")
    .option("--password-stdin", "read a password from standard input")
    .action(async (email: string, options) => {
      await ends((await import("./commands/keys.ts")).putPerson(email, options, terminal));
    });
  under(people, "remove", "Let somebody in no more.")
    .argument("<email>", "their address")
    .action(async (email: string, options) => {
      await ends((await import("./commands/keys.ts")).removePerson(email, options, terminal));
    });
}

/** What is stored of one person who uses the product. */
function userCommands(program: Command, terminal: Terminal, ends: Ends): void {
  const users = program.command("users").description("What is stored of a person: hand it out, erase it.");
  const under = (name: string, what: string) =>
    remoteOptions(users.command(name))
      .description(what)
      .argument("<id>", "user id, or the anonymous id of somebody who was never identified");
  under("export", "Everything that is stored of a person, as JSON lines.")
    .option("--out <file>", "write it into a new file that only you can read (default: standard output)")
    .action(async (id: string, options) => {
      await ends((await import("./commands/users.ts")).exportUser(id, options, terminal));
    });
  under("erase", "Erase a person for good.")
    .option("--yes", "yes, for good")
    .option("--json", "the answer as JSON")
    .action(async (id: string, options) => {
      await ends((await import("./commands/users.ts")).eraseUser(id, options, terminal));
    });
}

const remoteOptions = (command: Command): Command =>
  command
    .option("--host <url>", "the server (default: $CAIRN_HOST, else http://localhost:8787)")
    .option("--key <key>", "a secret key (default: $CAIRN_SECRET_KEY); its environment is meant");

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
