import { failure } from "../failure.ts";
import type { ExitCode } from "../program.ts";
import { loadServer } from "../server.ts";

/** Starts a server in this process, which ends when the server is told to stop. */
export async function serveHere(args: readonly string[]): Promise<ExitCode> {
  const { main, isWrongOption } = await loadServer();
  try {
    await main(args);
    return 0;
  } catch (thrown) {
    // A taken port, a database that is away: for whoever stands at the terminal to mend.
    if (isWrongOption(thrown)) throw failure(`${thrown.message} (cairn serve --help lists all options)`);
    throw failure(`The server could not start: ${(thrown as Error).message}`);
  }
}
