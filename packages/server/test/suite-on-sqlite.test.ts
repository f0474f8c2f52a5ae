// The tests of the server's routes once more, on SQLite instead of memory. The order counts.
import "./stores/use-sqlite.ts";
import "./access.test.ts";
import "./accounts.test.ts";
import "./apply.test.ts";
import "./apply-by-cli.test.ts";
import "./authorization.test.ts";
import "./definitions.test.ts";
import "./definitions-publish.test.ts";
import "./keys.test.ts";
import "./metrics-examples.test.ts";
import "./people.test.ts";
import "./preview.test.ts";
import "./rate-limit.test.ts";
import "./second-person.test.ts";
import "./state.test.ts";
import "./tokens.test.ts";
import "./users.test.ts";
import "../src/routes/ingest.test.ts";

// A dozen processes more, for what is no different on another store.
if (process.env.CAIRN_SOAK === "1") await import("./apply-archived-by-cli.test.ts");
