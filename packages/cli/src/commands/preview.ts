import type { Flow, JsonObject } from "@cairn/flow-schema";
import { validateFlow } from "@cairn/flow-schema";
import { failure } from "../failure.ts";
import { readJsonFile } from "../json-file.ts";
import { answer, connect, type RemoteOptions } from "../remote.ts";
import { createOutput, type Terminal } from "../terminal.ts";

export interface PreviewOptions extends RemoteOptions {
  /** Id of a flow, or a file. */
  readonly flow: string;
  readonly page: string;
  readonly user?: string;
  readonly account?: string;
  readonly traits?: string;
  readonly accountTraits?: string;
  readonly json?: boolean;
}

/** `cairn preview`: a link that opens a draft on the real page, for an hour. */
export async function previewFlow(options: PreviewOptions, { stdout }: Terminal): Promise<0> {
  const remote = connect(options);
  const user = whoOf("--traits", options.user, options.traits);
  const account = whoOf("--account-traits", options.account, options.accountTraits);
  const made = await answer(
    remote.previews.$post({
      json: {
        flow: flowOf(options.flow),
        page: options.page,
        ...(user && { user }),
        ...(account && { account }),
      },
    }),
  );
  const output = createOutput(stdout);
  output.write(
    options.json
      ? `${JSON.stringify(made, null, 2)}\n`
      : `${made.url}\nUntil ${made.expiresAt}, for whoever has the link.\n`,
  );
  await output.flush();
  return 0;
}

/** A file is sent as it is; anything else is the id of a flow on the server. */
function flowOf(given: string): string | Flow {
  if (!given.endsWith(".json")) return given;
  const { value, problem } = readJsonFile(given);
  if (problem) throw failure(`${given}:${problem.line}:${problem.column} ${problem.message}`);
  const checked = validateFlow(value, { file: given });
  const own = checked.ok ? [] : checked.problems.filter(({ code }) => code !== "dangling-reference");
  if (own.length > 0) throw failure(...own.map((one) => `${given} ${one.path}: ${one.message}; ${one.fix}`));
  return value as Flow;
}

function whoOf(option: string, id: string | undefined, traits: string | undefined) {
  if (id === undefined && traits === undefined) return undefined;
  let parsed: unknown;
  try {
    parsed = traits === undefined ? undefined : JSON.parse(traits);
  } catch {
    throw failure(`${option}: not JSON; write '{"plan":"pro"}'`);
  }
  return {
    ...(id === undefined ? {} : { id }),
    ...(parsed === undefined ? {} : { traits: parsed as JsonObject }),
  };
}
