import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["cairn-source"] },
  ssr: { resolve: { conditions: ["cairn-source"], externalConditions: ["cairn-source"] } },
  test: {
    name: "sdk",
    setupFiles: ["../../vitest.seed.ts"],
    // Only what hangs takes so long: machines do other things too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}"],
  },
});
