#!/usr/bin/env node
import { run } from "./program.ts";

// Not `process.exit`: what stands in the pipes must still be written.
process.exitCode = await run(process.argv.slice(2), process);
