import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { conditions: ["cairn-source"] },
  ssr: { resolve: { conditions: ["cairn-source"], externalConditions: ["cairn-source"] } },
  test: {
    name: "server",
    include: ["src/**/*.test.{ts,tsx}", "test/**/*.test.{ts,tsx}"],
    // Databases and servers are started in between, on machines that do other things too.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    globalSetup: ["test/postgres/global-setup.ts"],
  },
});
