import { defineConfig } from "@playwright/test";

/** Browser checks of the UI against examples/gallery, in the Chromium of `CAIRN_CHROMIUM` or Debian's. */
export default defineConfig({
  testDir: "test/browser",
  testMatch: "ui.spec.ts",
  globalSetup: "./test/browser/gallery-setup.ts",
  fullyParallel: true,
  // Generous, for machines that do other things too; nothing waits longer than it must.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  workers: 2,
  reporter: "line",
  use: {
    viewport: { width: 1000, height: 640 },
    launchOptions: {
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
    },
  },
});
