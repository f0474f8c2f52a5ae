import { defineConfig } from "vitest/config";

/** The tests that mutants of the engine's gates and conditions are to fail: no corpora, no bundles, no child processes. */
export default defineConfig({
  resolve: { conditions: ["cairn-source"] },
  ssr: { resolve: { conditions: ["cairn-source"], externalConditions: ["cairn-source"] } },
  test: {
    name: "engine",
    testTimeout: 20_000,
    include: ["src/*.test.ts", "src/explain/*.test.ts", "test/*.test.ts", "test/oracle/*.test.ts"],
    exclude: ["src/properties.test.ts"],
  },
});
