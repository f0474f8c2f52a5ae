import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["cairn-source"] },
  ssr: { resolve: { conditions: ["cairn-source"], externalConditions: ["cairn-source"] } },
  test: {
    name: "studio",
    // No test leaves anything behind, so files of one worker share what they import.
    isolate: false,
    testTimeout: 30_000,
    include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}"],
  },
});
