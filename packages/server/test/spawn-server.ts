import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export const SPAWNED_SECRET_KEY = "sk_spawned_0123456789";

export interface SpawnOptions {
  /** The built file to run. @default the sources, through a loader */
  readonly main?: string;
  /** For that file. @default none */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Whether what it reports is thrown away. @default false */
  readonly quiet?: boolean;
}

/** The real server in a process of its own, on a free port. */
export async function spawnServer(
  dataDir: string,
  { main, args: more = [], env = {}, quiet = false }: SpawnOptions = {},
) {
  const source = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const args =
    main === undefined ? ["--conditions=cairn-source", "--import", "tsx", source] : [main, ...more];
  const child = spawn(process.execPath, args, {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    env: {
      ...process.env,
      PORT: "0",
      CAIRN_DATA_DIR: dataDir,
      CAIRN_SECRET_KEY: SPAWNED_SECRET_KEY,
      // Nobody reads a line for each of many thousand requests.
      CAIRN_LOG_LEVEL: "warn",
      ...env,
    },
    stdio: ["ignore", "pipe", quiet ? "ignore" : "inherit"],
  });
  // Whatever becomes of the test, its server does not outlive it.
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const exited = once(child, "exit") as Promise<[number | null, string | null]>;
  void exited.then(() => process.off("exit", end));
  const url = await Promise.race([
    listening(child),
    exited.then(([code]) => Promise.reject(new Error(`the server ended with ${code} before it listened`))),
  ]);
  return { url, child, exited };
}

async function listening(child: ChildProcess): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += chunk;
    const url = /listening on (\S+)/.exec(text)?.[1];
    if (url !== undefined) {
      child.stdout?.resume();
      return url;
    }
  }
  throw new Error(`the server said nothing of an address: ${text}`);
}
