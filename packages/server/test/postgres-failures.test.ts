import { execFileSync } from "node:child_process";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openPostgresStorage } from "../src/storage/postgres/postgres-storage.ts";
import { buildServer } from "./built-server.ts";
import { isReady, type Ledger, sendUntilRefused, verify } from "./load.ts";
import { createPostgresServer, type PostgresServer } from "./postgres/postgres-server.ts";
import { spawnServer } from "./spawn-server.ts";
import { createTestServer } from "./test-server.ts";

const SOAK = process.env.CAIRN_SOAK === "1";
const ROUNDS = 5;
const folder = mkdtempSync(join(tmpdir(), "cairn-failures-"));
/** A disk of 24 MB, where this machine lets us have one. */
function smallDisk(): { readonly path: string; remove(): void } | undefined {
  const path = join(folder, "disk");
  mkdirSync(path);
  // PostgreSQL may not run as root, so somebody else has to get in.
  chmodSync(folder, 0o755);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=24m", "none", path], { stdio: "ignore" });
    return { path, remove: () => execFileSync("umount", ["-l", path]) };
  } catch {
    return undefined;
  }
}

const disk = smallDisk();
let built: Awaited<ReturnType<typeof buildServer>>;
let database: PostgresServer;
beforeAll(async () => {
  built = await buildServer();
  // Commits reach the disk here, as they do for everybody else.
  database = await createPostgresServer({ durable: true });
  await database.start();
});
afterAll(async () => {
  built.remove();
  await database.remove();
  disk?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const query = async (text: string) => {
  const sql = postgres(database.url(), { max: 1, onnotice: () => {} });
  try {
    await sql.unsafe(text);
  } finally {
    await sql.end();
  }
};

describe("a PostgreSQL that is killed", () => {
  // Too long for each change: by `pnpm soak`.
  it.runIf(SOAK)(
    `has every acknowledged event exactly once after ${ROUNDS} times, and its server goes on by itself`,
    async () => {
      await query("CREATE DATABASE killed");
      const { url, child, exited } = await spawnServer(folder, {
        main: built.main,
        quiet: true,

        env: { DATABASE_URL: database.url("killed") },
      });
      try {
        for (let round = 0; round < ROUNDS; round++) {
          const event = `killed${round}`;
          const ledger: Ledger = { acknowledged: new Set(), unanswered: [] };
          const killAt = 5 + Math.floor(Math.random() * 60);
          let answers = 0;
          let killed: Promise<void> | undefined;
          await Promise.all(
            Array.from({ length: 6 }, (_, s) =>
              sendUntilRefused(url, `${event}s${s}`, event, ledger, () => {
                answers += 1;
                if (answers === killAt) killed = database.kill();
              }),
            ),
          );
          await killed;
          expect(await isReady(url)).toBe(false);
          await database.start();
          while (!(await isReady(url))) await new Promise((next) => setTimeout(next, 20));
          await verify(url, event, ledger);
        }
        child.kill("SIGTERM");
        expect(await exited).toEqual([0, null]);
      } finally {
        child.kill("SIGKILL");
      }
    },
    300_000,
  );
});

describe("a full disk under PostgreSQL", () => {
  // A tablespace on a small disk, filled up by a file that is not the database's.
  it.skipIf(disk === undefined)(
    `is told as 503 with Retry-After, loses nothing that was acknowledged, and is over when there is room${disk === undefined ? " (not here: it takes the right to mount a disk)" : ""}`,
    async () => {
      const { path } = disk as { readonly path: string };
      const space = join(path, "space");
      mkdirSync(space);
      if (process.getuid?.() === 0) chownSync(space, 65_534, 65_534);
      await query(`CREATE TABLESPACE small LOCATION '${space}'`);
      await query("CREATE DATABASE small TABLESPACE small");
      const storage = await openPostgresStorage(database.url("small"));
      const { send } = createTestServer({ storage });
      let sent = 0;
      const batch = () => ({
        batch: Array.from({ length: 50 }, () => ({
          type: "track",
          event: "report.viewed",
          userId: "u1",
          messageId: `m${++sent}`,
          timestamp: "2026-11-20T10:00:00.000Z",
          properties: { note: Array.from({ length: 200 }, () => Math.random().toString(36)).join("") },
        })),
      });
      const ballast = join(path, "ballast");
      let acknowledged = 0;
      let refused: Response | undefined;
      try {
        writeFileSync(ballast, Buffer.alloc(24 * 2 ** 20));
      } catch {
        // As much as there is room for.
      }
      for (let i = 0; i < 50 && refused === undefined; i++) {
        const response = await send("POST", "/v1/batch", batch());
        if (response.status === 200) acknowledged += 50;
        else refused = response;
      }
      expect(refused?.status).toBe(503);
      expect(refused?.headers.get("Retry-After")).toBe("1");
      expect(await refused?.json()).toMatchObject({ error: { code: "unavailable" } });
      unlinkSync(ballast);
      expect((await send("POST", "/v1/batch", batch())).status).toBe(200);
      expect((await send("GET", "/readyz")).status).toBe(200);
      const [row] = await storage.eventCounts("production");
      expect(row?.count).toBe(acknowledged + 50);
      await storage.dispose();
      await query("DROP DATABASE small WITH (FORCE)");
      await query("DROP TABLESPACE small");
    },
    60_000,
  );
});
