// The tests of the server's routes once more, on SQLite instead of memory. The order counts. Files of one
// worker share what they import: `?sqlite` is a file's tests once more, also where it has run as a file of its own.
import "./stores/use-sqlite.ts";
import "./access.test.ts?sqlite";
import "./accounts.test.ts?sqlite";
import "./apply.test.ts?sqlite";
import "./apply-by-cli.test.ts?sqlite";
import "./authorization.test.ts?sqlite";
import "./definitions.test.ts?sqlite";
import "./definitions-publish.test.ts?sqlite";
import "./keys.test.ts?sqlite";
import "./metrics-examples.test.ts?sqlite";
import "./people.test.ts?sqlite";
import "./preview.test.ts?sqlite";
import "./rate-limit.test.ts?sqlite";
import "./second-person.test.ts?sqlite";
import "./state.test.ts?sqlite";
import "./state-facts.test.ts?sqlite";
import "./tokens.test.ts?sqlite";
import "./users.test.ts?sqlite";
import "../src/routes/ingest.test.ts?sqlite";

// A dozen processes more, for what is no different on another store.
if (process.env.CAIRN_SOAK === "1") await import("./apply-archived-by-cli.test.ts?sqlite");
