import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { afterAll, describe, expect, it } from "vitest";
import type { ArrivingEvent } from "../event-store.ts";
import { isStoreUnavailable } from "../store-unavailable.ts";
import { createKysely } from "./kysely-dialect.ts";
import { migrate } from "./migrations.ts";
import { openConnection } from "./open-connection.ts";
import { startWriterThread } from "./start-writer-thread.ts";
import { openWriterPort } from "./writer-port.ts";

const folder = mkdtempSync(join(tmpdir(), "cairn-writer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
const records = (count: number): ArrivingEvent[] =>
  Array.from({ length: count }, () => ({
    messageId: `m${++made}`,
    type: "track",
    name: "report.viewed",
    at: 1,
    receivedAt: 2,
    verified: false,
    userId: "u1",
    anonymousId: null,
    accountId: null,
    active: true,
    body: "{}",
  }));
const isRefused = (settled: PromiseSettledResult<unknown>) =>
  settled.status === "rejected" && isStoreUnavailable(settled.reason);

async function open(name: string) {
  const path = join(folder, `${name}.db`);
  const database = openConnection(path);
  await migrate(createKysely(database));
  const threads: Worker[] = [];
  const port = await openWriterPort(() => {
    const thread = startWriterThread(path);
    threads.push(thread);
    return thread;
  });
  const stored = () =>
    (database.prepare("SELECT count(*) AS count FROM events").get() as { count: number }).count;
  return { port, threads, stored };
}

describe("openWriterPort", () => {
  it("answers each batch for itself, once it can be read on another connection", async () => {
    const { port, stored } = await open("plain");
    const batches = [1, 2, 3].map(records);
    const answers = await Promise.all(batches.map((batch) => port.append("one", batch)));
    expect(answers.map(({ accepted }) => accepted)).toEqual([1, 2, 3]);
    expect(stored()).toBe(6);
    expect(await port.append("one", batches[2] ?? [])).toEqual({ accepted: 0, duplicate: 3 });
    await port.close();
  });

  it("does all that was asked before it closes", async () => {
    const { port, stored } = await open("closing");
    const answers = Promise.all(Array.from({ length: 30 }, () => port.append("one", records(100))));
    await port.close();
    await answers;
    expect(stored()).toBe(3_000);
  });

  it("refuses more than may wait, so that memory stays bounded", async () => {
    const { port } = await open("full");
    const many = records(30_000);
    const [first, second] = await Promise.allSettled([port.append("one", many), port.append("one", many)]);
    expect(first.status).toBe("fulfilled");
    expect(isRefused(second)).toBe(true);
    expect((await port.append("one", records(1))).accepted).toBe(1);
    await port.close();
  });

  it("tells of a write that failed, and goes on", async () => {
    const { port } = await open("failing");
    const wrong = port.write({ statements: [{ sql: "INSERT INTO nowhere VALUES (1)", values: [] }] });
    const [settled] = await Promise.allSettled([wrong]);
    expect(isRefused(settled as PromiseSettledResult<unknown>)).toBe(true);
    expect((await port.append("one", records(1))).accepted).toBe(1);
    await port.close();
  });

  it("refuses what waits when its thread dies, counts nothing as stored, and has a new one soon", async () => {
    const { port, threads, stored } = await open("dying");
    await port.append("one", records(5));
    const waiting = [port.append("one", records(7)), port.write({ statements: [] })];
    const settled = Promise.allSettled(waiting);
    await threads[0]?.terminate();
    expect((await settled).map(isRefused)).toEqual([true, true]);
    expect(isRefused((await Promise.allSettled([port.append("one", records(1))]))[0])).toBe(true);
    while (threads.length < 2) await new Promise((resolve) => setImmediate(resolve));
    await once(threads[1] as Worker, "message");
    expect((await port.append("one", records(3))).accepted).toBe(3);
    expect([8, 15]).toContain(stored());
    await port.close();
  });

  it("does not open where its thread does not come up", async () => {
    await expect(openWriterPort(() => startWriterThread(join(folder, "no", "where.db")))).rejects.toThrow();
  });
});
