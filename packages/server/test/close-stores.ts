// Set up for each file: files of one worker share what they import, and what one has opened is closed with it.
import { afterAll, afterEach } from "vitest";
import { dropDatabases } from "./postgres/lease-database.ts";
import { closeStoresOfFile, closeStoresOfTest } from "./store-of-run.ts";

// The last is called first: no database goes before its stores.
afterAll(dropDatabases);
afterAll(closeStoresOfFile);
afterEach(closeStoresOfTest);
