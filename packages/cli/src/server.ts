import { failure } from "./failure.ts";

/** The server, which runs from its build: it starts threads from files of its own. */
export async function loadServer(): Promise<typeof import("@cairn/server")> {
  try {
    return await import("@cairn/server");
  } catch (thrown) {
    const { code, message } = thrown as NodeJS.ErrnoException;
    if (code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND")
      throw failure(`The server cannot be loaded; run \`pnpm build\` first. (${message.split("\n")[0]})`);
    throw thrown;
  }
}
