import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["cairn-source"] },
  ssr: { resolve: { conditions: ["cairn-source"], externalConditions: ["cairn-source"] } },
  // Ninety days of history are made anew several times; a busy machine needs its time for that.
  test: {
    name: "demo-product",
    // No test leaves anything behind, so files of one worker share what they import.
    isolate: false,
    testTimeout: 30_000,
    include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}"],
  },
});
