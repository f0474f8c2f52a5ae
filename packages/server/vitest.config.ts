import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["cairn-source"] },
  ssr: { resolve: { conditions: ["cairn-source"], externalConditions: ["cairn-source"] } },
  test: {
    name: "server",
    setupFiles: ["../../vitest.seed.ts", "test/close-stores.ts"],
    // No test leaves anything behind, so files of one worker share what they import.
    isolate: false,
    include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}"],
    // Only what hangs takes so long: machines do other things too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    globalSetup: ["test/postgres/global-setup.ts"],
  },
});
