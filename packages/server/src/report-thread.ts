import { parentPort, workerData } from "node:worker_threads";
import { toErrorAnswer } from "./errors.ts";
import type { ReportOrder, ReportOutcome, ReportPlace } from "./reports/report-protocol.ts";
import { createReports } from "./reports/reports.ts";
import { openPostgresReader } from "./storage/postgres/postgres-reader.ts";
import { openSqliteReader } from "./storage/sqlite/sqlite-reader.ts";

/** The thread that works reports out, on a connection of its own, while the others take events in. */
const port = parentPort;
if (port === null) throw new Error("report-thread is no program: it is started by the server");
const place = workerData as ReportPlace;
const source = "sqlite" in place ? openSqliteReader(place.sqlite) : openPostgresReader(place.postgres);
const reports = createReports(source);

port.on("message", async ({ id, name, environment, query }: ReportOrder) => {
  let outcome: ReportOutcome;
  try {
    outcome = { id, result: await reports[name](environment, query as never) };
  } catch (thrown) {
    const { status, body } = toErrorAnswer(thrown);
    const words = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    outcome = { id, error: body.error, ...(status === 500 ? { words } : {}) };
  }
  port.postMessage(outcome);
});
