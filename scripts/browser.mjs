// Finds the Chromium of the browser tests, or brings it.
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

const SHELL_NAMES = ["chromium-headless-shell", "chrome-headless-shell"];
const SHELL_PLACES = ["/usr/lib/chromium/chromium-headless-shell"];

/** What the suites read: `CAIRN_CHROMIUM` and `CAIRN_HEADLESS_SHELL`, as paths. Throws as `provideBrowser` does. */
export function provideBrowsers(env) {
  const browser = provideBrowser(env);
  return { CAIRN_CHROMIUM: browser, CAIRN_HEADLESS_SHELL: provideShell(env) ?? browser };
}

/**
 * Path of Chromium's headless shell: the same engine without the windows around its pages, which are half the work of a
 * page in a test. Nothing is lost without it but time.
 */
function provideShell(env) {
  if (env.CAIRN_HEADLESS_SHELL && existsSync(env.CAIRN_HEADLESS_SHELL)) return env.CAIRN_HEADLESS_SHELL;
  // Who names a browser wants that one.
  if (env.CAIRN_CHROMIUM) return undefined;
  const shell = () => installed(SHELL_NAMES, SHELL_PLACES);
  return shell() ?? (apt("chromium-headless-shell") ? shell() : undefined);
}

/**
 * Path of a Chromium: `CAIRN_CHROMIUM`, an installed Chrome or Chromium, one from apt (Debian, as root), or
 * Playwright's own download. Throws an `Error` that says what to do where none can be had.
 */
function provideBrowser(env) {
  const named = env.CAIRN_CHROMIUM;
  if (named) {
    if (existsSync(named)) return named;
    throw new Error(
      `CAIRN_CHROMIUM is ${named}, but there is no such file. Point it at a Chrome or Chromium, or unset it.`,
    );
  }
  return installed() ?? playwrightOwn() ?? fromApt() ?? downloaded(env) ?? refuse();
}

function installed(names = NAMES, places = PLACES) {
  const onPath = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  return [...places, ...onPath].find((path) => existsSync(path));
}

function playwrightOwn() {
  const { chromium } = createRequire(join(root, "package.json"))("@playwright/test");
  const path = chromium.executablePath();
  return path && existsSync(path) ? path : undefined;
}

function fromApt() {
  return apt("chromium") ? installed() : undefined;
}

/** Installs a package where that can be done without asking: on Debian, as root. */
function apt(name) {
  if (!existsSync("/etc/debian_version") || process.getuid?.() !== 0) return false;
  console.log(`Installing Debian's ${name} for the browser tests …`);
  const options = { stdio: "ignore", env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  const get = (...args) => spawnSync("apt-get", ["-q", ...args], options).status === 0;
  const install = () => get("install", "-y", "--no-install-recommends", name);
  return install() || (get("update") && install());
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
