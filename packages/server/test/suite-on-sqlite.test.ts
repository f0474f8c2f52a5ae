// The tests of the server's routes once more, on SQLite instead of memory. The order counts.
import "./stores/use-sqlite.ts";
import "./apply.test.ts";
import "./apply-by-cli.test.ts";
import "./definitions.test.ts";
import "./definitions-publish.test.ts";
import "./keys.test.ts";
import "./metrics-examples.test.ts";
import "./preview.test.ts";
import "./users.test.ts";
import "../src/routes/ingest.test.ts";

// What costs more than it can find anew with every change: PostgreSQL, which differs more, runs it each time.
if (process.env.CAIRN_SOAK === "1") {
  await import("./access.test.ts");
  await import("./apply-archived-by-cli.test.ts");
  await import("./state.test.ts");
  await import("./tokens.test.ts");
}
