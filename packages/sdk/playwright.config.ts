import { defineConfig } from "@playwright/test";
import { headlessShell } from "../../scripts/chromium.ts";

/** Browser checks of the UI against examples/gallery, in the Chromium of `CAIRN_CHROMIUM` or Debian's. */
export default defineConfig({
  testDir: "test/browser",
  globalSetup: "./test/browser/gallery-setup.ts",
  fullyParallel: true,
  // Generous, for machines that do other things too; nothing waits longer than it must.
  timeout: 90_000,
  expect: { timeout: 20_000 },
  // One more than there are cores: much of it is waiting.
  workers: 3,
  reporter: "line",
  use: {
    viewport: { width: 1000, height: 640 },
    launchOptions: headlessShell,
  },
});
