import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** The SDK's files in a copy of the repository, as browsers and the server need them. */
export interface Built {
  /** Something has changed since. */
  stale(): void;
  /** Builds it where it is not what the sources say. */
  refresh(): void;
}

export function buildIn(folder: string): Built {
  let isFresh = false;
  return {
    stale() {
      isFresh = false;
    },
    refresh() {
      if (isFresh) return;
      // Not its types, which no page loads.
      execFileSync("node_modules/.bin/rollup", ["-c", "rollup.config.mjs", "--silent"], {
        cwd: join(folder, "packages/sdk"),
        stdio: ["ignore", "ignore", "inherit"],
      });
      isFresh = true;
    },
  };
}
