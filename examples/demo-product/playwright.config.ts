import { defineConfig } from "@playwright/test";
import { headlessShell } from "../../scripts/chromium.ts";

export default defineConfig({
  testDir: "test/browser",
  outputDir: "../../.cache/playwright/demo-product",
  timeout: 90_000,
  workers: 1,
  forbidOnly: true,
  use: {
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    viewport: { width: 1280, height: 800 },
    // To record every test costs time even where it passes.
    trace: process.env.CAIRN_TRACE ? "retain-on-failure" : "off",
    launchOptions: headlessShell,
  },
});
