import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: ["packages/*", "examples/demo-product"],
    // By itself vitest leaves one core idle, which on two cores is half of them.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
