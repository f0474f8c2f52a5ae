import { closeSync, openSync } from "node:fs";

/** Makes an empty file that only its owner may read, for others to write into; throws where there is one already. */
export function makePrivateFile(path: string): void {
  closeSync(openSync(path, "wx", 0o600));
}
