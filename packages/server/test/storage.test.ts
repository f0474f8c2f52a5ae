import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { createMemoryStorage } from "../src/storage/memory/memory-storage.ts";
import { openPostgresStorage } from "../src/storage/postgres/postgres-storage.ts";
import { openSqliteStorage } from "../src/storage/sqlite/sqlite-storage.ts";
import { leaseDatabase } from "./postgres/lease-database.ts";
import { describeStorage } from "./storage-contract/contract.ts";

const folder = mkdtempSync(join(tmpdir(), "cairn-storage-"));
let files = 0;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeStorage("memory", async () => createMemoryStorage());
describeStorage("sqlite", () => openSqliteStorage(join(folder, `${++files}.db`)));
describeStorage("postgres", async () => {
  const { url, giveBack } = await leaseDatabase();
  const storage = await openPostgresStorage(url);
  return {
    ...storage,
    async dispose() {
      await storage.dispose();
      giveBack();
    },
  };
});
