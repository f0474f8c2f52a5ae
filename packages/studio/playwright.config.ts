import { defineConfig } from "@playwright/test";
import { chromium } from "../../scripts/chromium.ts";

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
    trace: "retain-on-failure",
    launchOptions: chromium,
  },
});
