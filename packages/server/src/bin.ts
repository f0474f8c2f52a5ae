import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type ServeOptions, serve } from "./node.ts";
import type { OptionValues } from "./options/option-table.ts";
import { readOptions } from "./options/read-options.ts";
import { helpOn, showOptions } from "./options/show-options.ts";

/**
 * Runs a server until it is told to stop (SIGTERM, SIGINT): `cairn serve`, and `main.js` of the build. Its options come
 * from arguments, environment and file, see `options/option-table.ts`. Resolves once it listens; rejects where an
 * option is wrong (`isWrongOption`) or the server cannot start.
 */
export async function main(
  args: readonly string[] = process.argv.slice(2),
  env: Readonly<Record<string, string | undefined>> = process.env,
): Promise<void> {
  const write = (line: string) => process.stdout.write(`${line}\n`);
  const { values, list, help } = readOptions({ args, env });
  if (help) {
    write(
      `Usage: cairn serve [options]\n\nRuns a server. A flag stands over the environment, that over the file of --config:\n${helpOn()}`,
    );
    return;
  }
  // From here on: a container's first process is not ended by signals that it does not listen to.
  const told = new Promise<void>((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
  write(`Options, and where each comes from:\n${showOptions(list)}`);
  const server = await serve({
    ...toServeOptions(values),
    onNewKeys: ({ publicKey, secretKey }) => {
      write(
        "Your keys, of production. The secret one is shown only now, and makes those of staging and development:",
      );
      write(`  ${publicKey}`);
      write(`  ${secretKey}`);
    },
  });
  if (server.metricsUrl !== undefined) write(`Metrics, without a key, are at ${server.metricsUrl}`);
  write(`Cairn is listening on ${server.url}`);
  void told
    .then(() => server.close())
    .then(
      () => process.exit(0),
      (thrown) => {
        process.stderr.write(`${thrown}\n`);
        process.exit(1);
      },
    );
}

function toServeOptions({ rateAddress, rateKey, stopDelay = 0, ...values }: OptionValues): ServeOptions {
  return {
    logLevel: "info",
    sdkDir: builtBeside("../../sdk/dist/script"),
    studioDir: builtBeside("../../studio/dist"),
    ...values,
    stopDelayMs: stopDelay * 1_000,
    rates: { address: rateAddress, key: rateKey },
  };
}

/** Another package's build, in a copy of the repository that was built. */
function builtBeside(path: string): string | undefined {
  const folder = fileURLToPath(new URL(path, import.meta.url));
  return existsSync(folder) ? folder : undefined;
}
