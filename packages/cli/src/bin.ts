#!/usr/bin/env node
import { run } from "./program.ts";

// Whoever reads has seen enough (`| head`): that is no failure.
process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 2));

// Not `process.exit`: what stands in the pipes must still be written.
process.exitCode = await run(process.argv.slice(2), process);
