import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestRunner } from "vitest";
import { createMemoryStorage } from "../src/storage/memory/memory-storage.ts";
import { openPostgresStorage } from "../src/storage/postgres/postgres-storage.ts";
import { openSqliteStorage } from "../src/storage/sqlite/sqlite-storage.ts";
import type { Storage } from "../src/storage/storage.ts";
import { leaseDatabase } from "./postgres/lease-database.ts";

export type StoreName = "memory" | "sqlite" | "postgres";

let chosen: StoreName = "memory";
let folder: string | undefined;
let made = 0;
/** Opened in a test, and opened for all tests of a file. */
const ofTest: Storage[] = [];
const ofFile: Storage[] = [];

/** On which store this file's tests run; to be called before any of them is defined. Files after it are on memory. */
export function runOn(store: StoreName): void {
  chosen = store;
}

/**
 * Whether a suite with big counts runs its short form: it runs in full on memory with every change, and on the other
 * stores in the soak form.
 */
export const isShortRun = (): boolean => chosen !== "memory" && process.env.CAIRN_SOAK !== "1";

/** A fresh, empty store of this run, which is opened by the first question and disposed of after the test. */
export function storeOfRun(): Storage {
  if (chosen === "memory") return createMemoryStorage();
  const storage = opening(chosen === "sqlite" ? openSqlite : openPostgres);
  (TestRunner.getCurrentTest() === undefined ? ofFile : ofTest).push(storage);
  return storage;
}

/** Disposes of what a test has opened. */
export async function closeStoresOfTest(): Promise<void> {
  await Promise.all(ofTest.splice(0).map((storage) => storage.dispose()));
}

/** Disposes of what was opened for all tests of a file; the next one of this worker begins as if it were the first. */
export async function closeStoresOfFile(): Promise<void> {
  await Promise.all(ofFile.splice(0).map((storage) => storage.dispose()));
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  folder = undefined;
  chosen = "memory";
}

function openSqlite(): Promise<Storage> {
  folder ??= mkdtempSync(join(tmpdir(), "cairn-store-"));
  return openSqliteStorage(join(folder, `${++made}.db`));
}

async function openPostgres(): Promise<Storage> {
  const { url, giveBack } = await leaseDatabase();
  const storage = await openPostgresStorage(url, { connections: 3, commitsAtOnce: 1 });
  return {
    ...storage,
    async dispose() {
      await storage.dispose();
      giveBack();
    },
  };
}

/** A store at once, though it is still to be opened: whoever asks waits for that first. */
function opening(open: () => Promise<Storage>): Storage {
  let opened: Promise<Storage> | undefined;
  let disposed = false;
  const call = async (name: keyof Storage, args: readonly unknown[]) => {
    // Nobody may open it once more: there would be nobody to dispose of it.
    if (disposed) throw new Error("this test's store has been disposed of");
    opened ??= open();
    const storage = await opened;
    return (storage[name] as (...args: readonly unknown[]) => unknown)(...args);
  };
  return new Proxy({} as Storage, {
    get(_, name: keyof Storage) {
      if (name === "events" || name === "shareEvents")
        return (...args: unknown[]) => streamed(call(name, args));
      if (name === "dispose")
        return async () => {
          // A server that was given it has perhaps done so already.
          if (disposed) return;
          disposed = true;
          await (await opened)?.dispose();
        };
      return (...args: unknown[]) => call(name, args);
    },
  });
}

async function* streamed(source: Promise<unknown>) {
  yield* (await source) as AsyncIterable<unknown>;
}
