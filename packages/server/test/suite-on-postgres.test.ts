// The tests of the server's routes once more, on PostgreSQL instead of memory. The order counts. Files of one
// worker share what they import: `?postgres` is a file's tests once more, also where it has run as a file of its own.
import "./stores/use-postgres.ts";
import "./access.test.ts?postgres";
import "./accounts.test.ts?postgres";
import "./apply.test.ts?postgres";
import "./apply-by-cli.test.ts?postgres";
import "./authorization.test.ts?postgres";
import "./definitions.test.ts?postgres";
import "./definitions-publish.test.ts?postgres";
import "./keys.test.ts?postgres";
import "./metrics-examples.test.ts?postgres";
import "./nul.test.ts?postgres";
import "./people.test.ts?postgres";
import "./preview.test.ts?postgres";
import "./rate-limit.test.ts?postgres";
import "./users.test.ts?postgres";
import "./state.test.ts?postgres";
import "./state-facts.test.ts?postgres";
import "./tokens.test.ts?postgres";
import "../src/routes/ingest.test.ts?postgres";

// A dozen processes more, for what is no different on another store.
if (process.env.CAIRN_SOAK === "1") await import("./apply-archived-by-cli.test.ts?postgres");
