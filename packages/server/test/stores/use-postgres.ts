import { runOn } from "../store-of-run.ts";

// Imported before the tests of a file, which then run on this store.
runOn("postgres");
