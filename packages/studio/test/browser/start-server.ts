import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../..", import.meta.url));
const script = fileURLToPath(new URL("serve-studio.ts", import.meta.url));

export interface TestServer {
  readonly url: string;
  /** Calls the API with the secret key; throws where it refuses. */
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/**
 * Starts the server in a process of its own, because only Node's loader knows the packages' sources.
 *
 * @param secretKey of a server where people sign in. @default the demo server, which signs in by itself
 */
export async function startServer(secretKey?: string): Promise<TestServer> {
  if (!existsSync(fileURLToPath(new URL("../../dist/index.html", import.meta.url))))
    throw new Error("the studio is not built: run `pnpm --filter @cairn/studio build`");
  const args = ["--conditions=cairn-source", "--import", "tsx", script, ...(secretKey ? [secretKey] : [])];
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  let output = "";
  const address = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        output += chunk;
        const url = /listening on (\S+)/.exec(output)?.[1];
        if (url !== undefined) resolve(url);
      });
    ended.then(() => reject(new Error(`the server ended:\n${output}`)));
  });
  const url = address.replace("127.0.0.1", "localhost");
  return {
    url,
    async call(method, path, body) {
      const response = await fetch(new URL(path, url), {
        method,
        headers: { authorization: `Bearer ${secretKey ?? "sk_demo"}`, "content-type": "application/json" },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      if (!response.ok)
        throw new Error(`${method} ${path}: ${response.status} ${(await response.text()).slice(0, 500)}`);
      return response.status === 204 ? undefined : await response.json();
    },
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}
