import { join } from "node:path";
import { openDatabase } from "./driver.ts";

/** How long to wait for a server that is just ending. */
const WAIT_MS = 3_000;

/**
 * Keeps a data folder to one server: each remembers numbers of rows that only it writes and takes away, so that of two
 * the one would store events under a person whom the other has erased. The lock is a file's, which ends with the process,
 * however that ends. Throws where another server has it; gives back what lets go of it.
 */
export function lockFolder(dataDir: string, waitMs = WAIT_MS): () => void {
  const file = openDatabase(join(dataDir, "cairn.lock"));
  try {
    file.exec(`PRAGMA busy_timeout = ${waitMs}; BEGIN EXCLUSIVE`);
  } catch (thrown) {
    file.close();
    if (!/locked|busy/i.test((thrown as Error).message)) throw thrown;
    throw new Error(
      `Another server is using ${dataDir}. SQLite is for one server: stop that one first, give this one a folder of its own (CAIRN_DATA_DIR), or both a PostgreSQL (DATABASE_URL).`,
    );
  }
  return () => file.close();
}
