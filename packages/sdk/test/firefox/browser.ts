import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";

const NAMES = ["firefox-esr", "firefox"];
const PLACES = [
  "/Applications/Firefox.app/Contents/MacOS/firefox",
  "C:\\Program Files\\Mozilla Firefox\\firefox.exe",
];

/** Path of a Firefox: `CAIRN_FIREFOX`, or one that is installed. Throws an `Error` that says what to do. */
export function findFirefox(env: NodeJS.ProcessEnv): string {
  const named = env.CAIRN_FIREFOX;
  if (named && !existsSync(named))
    throw new Error(
      `CAIRN_FIREFOX is ${named}, but there is no such file. Point it at a Firefox, or unset it.`,
    );
  const onPath = (env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  const found = named ?? [...onPath, ...PLACES].find((path) => existsSync(path));
  if (found) return found;
  throw new Error(
    "These tests need Firefox and none is installed. Install one (Debian: `apt-get install firefox-esr`, Ubuntu: `snap install firefox`, macOS: `brew install --cask firefox`) or set CAIRN_FIREFOX to its path, then run the tests again.",
  );
}
