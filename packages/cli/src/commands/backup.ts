import { statSync } from "node:fs";
import { failure } from "../failure.ts";
import type { ExitCode } from "../program.ts";
import { loadServer } from "../server.ts";
import type { Terminal } from "../terminal.ts";

/** Where the data are: the same options as `cairn serve` has, from the same three places. */
const WHERE = ["config", "dataDir", "databaseUrl"] as const;

/** `cairn backup FILE`: copies all that a server keeps, while it runs. */
export async function backUp(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return await withStore("backup", "Copies all that a server keeps into a new file, while it runs.", args, {
    terminal,
    async work({ backupStore }, place, file) {
      await backupStore(place, file);
      const megabytes = (statSync(file).size / 1e6).toFixed(1);
      return `${file} (${megabytes} MB) holds everything, people's data too: treat it like the database.`;
    },
  });
}

/** `cairn restore FILE`: makes a new store of a backup, and never writes over one. */
export async function restore(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  return await withStore("restore", "Makes a new database of a backup; never writes over one.", args, {
    terminal,
    async work({ restoreStore }, place, file) {
      await restoreStore(file, place);
      const where = place.databaseUrl ? "the database" : place.dataDir;
      return `${file} is restored into ${where}. People who were erased since then are in it again: erase them once more.`;
    },
  });
}

type ServerModule = Awaited<ReturnType<typeof loadServer>>;
interface Place {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
}
interface Job {
  readonly terminal: Terminal;
  work(server: ServerModule, place: Place, file: string): Promise<string>;
}

async function withStore(
  name: string,
  what: string,
  args: readonly string[],
  { terminal, work }: Job,
): Promise<ExitCode> {
  const server = await loadServer();
  try {
    const { values, help, rest } = server.readOptions({ args, env: process.env, only: WHERE, positional: 1 });
    if (help) {
      terminal.stdout.write(`Usage: cairn ${name} <file> [options]\n\n${what}\n${server.helpOn(WHERE)}\n`);
      return 0;
    }
    const [file] = rest;
    if (file === undefined) throw failure(`Which file? cairn ${name} <file>`);
    const { dataDir = ".cairn", databaseUrl } = values;
    terminal.stdout.write(`${await work(server, { dataDir, databaseUrl }, file)}\n`);
    return 0;
  } catch (thrown) {
    // All of it is for whoever stands at the terminal to mend: a file that is there, a database that is away.
    throw failure((thrown as Error).message);
  }
}
