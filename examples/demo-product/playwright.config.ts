import { defineConfig } from "@playwright/test";
import { chromium } from "../../scripts/chromium.ts";

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
    trace: "retain-on-failure",
    launchOptions: chromium,
  },
});
