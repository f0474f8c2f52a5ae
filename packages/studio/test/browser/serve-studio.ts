import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { serve } from "@cairn/server";

// Run by start-server.ts: the real server from source, on a free port and a database of its own. With a secret key it is
// no demo: people sign in.
const [, , secretKey] = process.argv;
const server = await serve({
  port: 0,
  demo: secretKey === undefined,
  secretKey,
  dataDir: mkdtempSync(join(tmpdir(), "cairn-studio-")),
  studioDir: fileURLToPath(new URL("../../dist", import.meta.url)),
});
process.stdout.write(`listening on ${server.url}\n`);
process.once("SIGTERM", () => server.close().then(() => process.exit(0)));
