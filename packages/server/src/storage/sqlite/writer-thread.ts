import { parentPort, receiveMessageOnPort, workerData } from "node:worker_threads";
import { runGroups } from "./group-commit.ts";
import { openConnection } from "./open-connection.ts";
import { createWriter } from "./writer.ts";
import type { Order, Report } from "./writer-protocol.ts";

/** The thread that owns the one connection that writes. While it waits for the disk, the other one reads sockets. */
const port = parentPort;
if (port === null) throw new Error("writer-thread is no program: it is started by the SQLite store");
const database = openConnection((workerData as { readonly path: string }).path);
const writer = createWriter(database);
const send = (report: Report) => port.postMessage(report);
let orders: readonly Order[] = [];
let taken = 0;
// What came in meanwhile is taken at once, not at the next turn: it shares the commit.
const next = (): Order | undefined => {
  if (taken === orders.length) {
    orders = (receiveMessageOnPort(port)?.message as readonly Order[] | undefined) ?? [];
    taken = 0;
  }
  return orders[taken++];
};
port.on("message", (first: readonly Order[]) => {
  orders = first;
  taken = 0;
  if (!runGroups(writer, next, (outcomes, committed) => send({ outcomes, committed }))) return;
  database.close();
  port.close();
});
send({ ready: true });
