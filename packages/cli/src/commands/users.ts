import { createWriteStream, existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { failure } from "../failure.ts";
import { answer, ask, connect, type RemoteOptions, refused } from "../remote.ts";
import type { Terminal } from "../terminal.ts";

interface Options extends RemoteOptions {
  readonly json?: boolean;
}

/** The last line of an export: without it the connection was cut. */
const END = /\n\{"record":"end","events":(\d+)\}\n$/;

/** `cairn users export`: everything that is stored of a person, as JSON lines, to standard output or into a new file. */
export async function exportUser(
  id: string,
  options: RemoteOptions & { readonly out?: string },
  { stdout, stderr }: Terminal,
): Promise<0> {
  const { out } = options;
  if (out !== undefined && existsSync(out)) throw failure(`There is a file already: ${out}`);
  const response = await connect(options)
    .users[":id"].export.$get({ param: { id } })
    .catch((thrown: Error & { cause?: { code?: string } }) => {
      throw failure(`The server does not answer: ${thrown.cause?.code ?? thrown.message}`);
    });
  if (!response.ok || response.body === null) {
    const asked = await ask(Promise.resolve(response));
    throw asked.refusal === undefined ? failure("The server answered nothing.") : refused(asked.refusal);
  }
  let tail = "";
  const lines = async function* (chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      tail = (tail + Buffer.from(chunk).toString("utf8")).slice(-200);
      yield chunk;
    }
  };
  // Only a whole export gets the name that was asked for.
  const partial = `${out}.partial`;
  const into = out === undefined ? stdout : createWriteStream(partial, { flags: "wx", mode: 0o600 });
  try {
    await pipeline(Readable.fromWeb(response.body as never), lines, into, { end: out !== undefined });
    const events = END.exec(tail)?.[1];
    if (events === undefined) throw failure("The export is not complete: the connection was cut. Try again.");
    if (out === undefined) return 0;
    await rename(partial, out);
    stderr.write(`${out} holds ${events} messages and all else that is stored of them.\n`);
    return 0;
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (out !== undefined && code !== "EEXIST") await rm(partial, { force: true });
    throw code === undefined ? thrown : failure(`${out ?? "The export"}: ${message}`);
  }
}

/** `cairn users erase`: for good, so it is asked to be said twice. */
export async function eraseUser(
  id: string,
  options: Options & { readonly yes?: boolean },
  { stdout }: Terminal,
): Promise<0> {
  if (!options.yes)
    throw failure("What is erased cannot be brought back. Export it first, then say --yes to erase it.");
  const gone = await answer(connect(options).users[":id"].$delete({ param: { id } }));
  const { events, anonymousIds, state } = gone;
  stdout.write(
    options.json
      ? `${JSON.stringify(gone, null, 2)}\n`
      : `Erased: ${events} messages, ${anonymousIds} anonymous ids${state ? ", their state" : ""}. Backups still hold them.\n`,
  );
  return 0;
}
