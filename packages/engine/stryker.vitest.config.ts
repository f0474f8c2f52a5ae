import { defineConfig } from "vitest/config";

/**
 * The tests that mutants of the engine's gates and conditions are to fail: vectors, tables and short unit tests. No
 * corpora, no bundles, no child processes, and nothing that is about other files and takes long; what those would
 * kill besides is not counted.
 */
export default defineConfig({
  resolve: { conditions: ["cairn-source"] },
  ssr: { resolve: { conditions: ["cairn-source"], externalConditions: ["cairn-source"] } },
  test: {
    name: "engine",
    testTimeout: 20_000,
    // Each mutant is a run of its own: one worker for all files saves most of what a mutant costs.
    isolate: false,
    include: ["src/*.test.ts", "src/explain/*.test.ts", "test/{cases,attributes}.test.ts"],
    exclude: ["src/{properties,compile,user-state,facts,url-match,text,progress}.test.ts"],
  },
});
