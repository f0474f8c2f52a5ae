import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { createTestServer } from "../../../test/test-server.ts";
import { createMemoryStorage } from "../memory/memory-storage.ts";
import { createKysely } from "./kysely-dialect.ts";
import { migrate } from "./migrations.ts";
import { openConnection } from "./open-connection.ts";
import { startWriterThread } from "./start-writer-thread.ts";
import { openWriterPort } from "./writer-port.ts";

const folder = mkdtempSync(join(tmpdir(), "cairn-full-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let sent = 0;
const batch = (messages: number) => ({
  batch: Array.from({ length: messages }, () => ({
    type: "track",
    event: "report.viewed",
    userId: "u1",
    messageId: `m${++sent}`,
    timestamp: "2026-11-20T10:00:00.000Z",
    properties: { note: "x".repeat(2_000) },
  })),
});

describe("a full disk", () => {
  // `max_page_count` makes SQLite fail as a full disk does: SQLITE_FULL in the middle of a transaction.
  it("is told as 503 with Retry-After, loses nothing that was acknowledged, and is over when there is room", async () => {
    const path = join(folder, "small.db");
    const database = openConnection(path);
    await migrate(createKysely(database));
    const writer = await openWriterPort(() => startWriterThread(path));
    const pages = (count: number) =>
      writer.write({ statements: [{ sql: `PRAGMA max_page_count = ${count}`, values: [] }] });
    const storage = {
      ...createMemoryStorage(),
      append: writer.append,
      async probe(now: number) {
        const note = "INSERT OR REPLACE INTO probe (id, at) VALUES (1, ?)";
        await writer.write({ statements: [{ sql: note, values: [now] }] });
      },
    };
    const { send, reported } = createTestServer({ storage });
    const stored = () =>
      (database.prepare("SELECT count(*) AS count FROM events").get() as { count: number }).count;

    await pages(120);
    let acknowledged = 0;
    let refused: Response | undefined;
    for (let i = 0; i < 100 && refused === undefined; i++) {
      const response = await send("POST", "/v1/batch", batch(20));
      if (response.status === 200) acknowledged += 20;
      else refused = response;
    }
    expect(refused?.status).toBe(503);
    expect(refused?.headers.get("Retry-After")).toBe("1");
    expect(await refused?.json()).toEqual({
      error: { code: "unavailable", message: "The store could not write. Try again." },
    });
    expect(acknowledged).toBeGreaterThan(0);
    expect(stored()).toBe(acknowledged);
    // Still full: refused again, and nothing of it stays.
    expect((await send("POST", "/v1/batch", batch(20))).status).toBe(503);
    expect(stored()).toBe(acknowledged);
    expect(String((reported[0] as Error).cause)).toContain("full");

    await pages(100_000);
    expect((await send("POST", "/v1/batch", batch(20))).status).toBe(200);
    expect((await send("GET", "/readyz")).status).toBe(200);
    expect(stored()).toBe(acknowledged + 20);
    await writer.close();
    database.close();
  });
});
