import { existsSync } from "node:fs";

/**
 * How browser suites start Chromium: the one that `scripts/browser.mjs` found, without a sandbox (CI runs as root) and
 * without traffic of its own.
 */
export const chromium = {
  executablePath: process.env.CAIRN_CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

const SHELL = "/usr/lib/chromium/chromium-headless-shell";

/**
 * The same engine as its headless shell, where there is one: half the work for each page. What needs a whole browser
 * (tabs that are hidden or frozen, the back/forward cache) starts `chromium`.
 */
export const headlessShell = {
  ...chromium,
  executablePath:
    process.env.CAIRN_HEADLESS_SHELL ??
    (process.env.CAIRN_CHROMIUM === undefined && existsSync(SHELL) ? SHELL : chromium.executablePath),
};
