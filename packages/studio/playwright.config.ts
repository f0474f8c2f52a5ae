import { defineConfig } from "@playwright/test";
import { headlessShell } from "../../scripts/chromium.ts";

/** The built studio in front of the real server, in the Chromium of `CAIRN_CHROMIUM` or Debian's. */
export default defineConfig({
  testDir: "test/browser",
  outputDir: "../../.cache/playwright/studio",
  timeout: 90_000,
  expect: { timeout: 20_000 },
  workers: 1,
  forbidOnly: true,
  use: {
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    viewport: { width: 1440, height: 900 },
    // To record every test costs time even where it passes.
    trace: process.env.CAIRN_TRACE ? "retain-on-failure" : "off",
    launchOptions: headlessShell,
  },
});
