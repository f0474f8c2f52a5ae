import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["cairn-source"] },
  ssr: { resolve: { conditions: ["cairn-source"], externalConditions: ["cairn-source"] } },
  test: {
    name: "cli",
    setupFiles: ["../../vitest.seed.ts"],
    // No test leaves anything behind, so files of one worker share what they import.
    isolate: false,
    // Only what hangs takes so long: machines do other things too.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    include: ["src/**/*.test.ts", "test/**/*.test.ts"],
  },
});
