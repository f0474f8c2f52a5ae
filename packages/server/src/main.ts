import { main } from "./bin.ts";
import { isWrongOption } from "./options/read-options.ts";

main().catch((thrown: unknown) => {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : thrown}\n`);
  process.exit(isWrongOption(thrown) ? 2 : 1);
});
