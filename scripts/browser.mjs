// Finds a Chromium for the browser tests, or brings one.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { root } from "./bootstrap.mjs";

const NAMES = ["google-chrome-stable", "google-chrome", "chromium", "chromium-browser", "chrome"];
const PLACES = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
  "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

/**
 * Path of a Chromium: `CAIRN_CHROMIUM`, an installed Chrome or Chromium, one from apt (Debian, as root), or
 * Playwright's own download. Throws an `Error` that says what to do where none can be had.
 */
export function provideBrowser(env) {
  const named = env.CAIRN_CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(
      `CAIRN_CHROMIUM is ${named}, but there is no such file. Point it at a Chrome or Chromium, or unset it.`,
    );
  }
  return installed() ?? playwrightOwn() ?? fromApt() ?? downloaded(env) ?? refuse();
}

function installed() {
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return [...onPath, ...PLACES].find((path) => existsSync(path));
}

function playwrightOwn() {
  const { chromium } = createRequire(join(root, "package.json"))("@playwright/test");
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}

function fromApt() {
  if (!existsSync("/etc/debian_version") || process.getuid?.() !== 0) return undefined;
  console.log("No Chrome or Chromium found; installing Debian's chromium …");
  const options = {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  };
  spawnSync("apt-get", ["update", "-q"], options);
  spawnSync("apt-get", ["install", "-q", "-y", "--no-install-recommends", "chromium"], options);
  return installed();
}

function downloaded(env) {
  console.log("No Chrome or Chromium found; fetching Playwright's own …");
  spawnSync("pnpm", ["exec", "playwright", "install", "chromium"], { cwd: root, env, stdio: "inherit" });
  return playwrightOwn();
}

function refuse() {
  throw new Error(
    "The browser tests need Chrome or Chromium and none could be found or fetched. Install one (Debian: `apt-get install chromium`) or set CAIRN_CHROMIUM to its path, then run the tests again.",
  );
}
