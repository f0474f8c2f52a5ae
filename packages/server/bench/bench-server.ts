import { serve } from "../src/node.ts";
import { createMemoryStorage } from "../src/storage/memory/memory-storage.ts";

/** The server under load, told over the channel to its parent where it listens. */
const [store = "sqlite", dataDir = ".cairn", databaseUrl] = process.argv.slice(2);
const server = await serve({
  port: 0,
  dataDir,
  databaseUrl,
  secretKey: "sk_bench_0123456789abcdef",
  // What is measured is the store, not how soon a caller is held back.
  rates: { address: null, key: null },
  ...(store === "null"
    ? {
        storage: {
          ...createMemoryStorage(),
          append: async (_, records) => ({ accepted: records.length, duplicate: 0 }),
        },
      }
    : {}),
});
process.send?.({ url: server.url });
// On a machine that others use too, processor time per event says more than time on the clock.
process.on("message", () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpu: user + system });
});
process.once("SIGTERM", () => server.close().then(() => process.exit(0)));
