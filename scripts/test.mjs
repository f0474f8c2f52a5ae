// `npm test`: everything a clean clone needs, then `pnpm check`.
import { bootstrap, run } from "./bootstrap.mjs";

try {
  run("pnpm", ["run", "--silent", "check"], bootstrap());
} catch (error) {
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
