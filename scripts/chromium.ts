/**
 * How every browser suite starts Chromium: the one that `scripts/browser.mjs` found, without a sandbox (CI runs as root) and without
 * traffic of its own.
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
