// The tests of the server's routes once more, on PostgreSQL instead of memory. The order counts.
import "./stores/use-postgres.ts";
import "./access.test.ts";
import "./definitions.test.ts";
import "./definitions-publish.test.ts";
import "./keys.test.ts";
import "./metrics-examples.test.ts";
import "./preview.test.ts";
import "./users.test.ts";
import "./state.test.ts";
import "./tokens.test.ts";
import "../src/routes/ingest.test.ts";
