import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../src/storage/sqlite/driver.ts";
import { buildServer } from "./built-server.ts";
import { leaseDatabase } from "./postgres/lease-database.ts";
import { SPAWNED_SECRET_KEY, spawnServer } from "./spawn-server.ts";

const SOAK = process.env.CAIRN_SOAK === "1";
const SECONDS = SOAK ? 60 : 1;
/** Together more than may wait: 150,000 events are always under way. */
const CONNECTIONS = 300;
const BATCH = 500;
/**
 * What the server may take beside what it takes at rest: the events that may wait, as they are kept and as they are sent on,
 * and what of them V8 leaves lying until its old space is full, which is small here. What is over for good ends the server.
 */
const OLD_SPACE_MB = 384;
const ROOM_MB = 600;

const folder = mkdtempSync(join(tmpdir(), "cairn-overload-"));
let built: Awaited<ReturnType<typeof buildServer>>;
beforeAll(async () => {
  built = await buildServer();
});
afterAll(() => {
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

interface Tally {
  sent: number;
  accepted: number;
  refused: number;
  /** Refusals that do not say when to come again, and answers of any other kind. */
  wrong: number;
}

/** Sends batches on one connection, each as soon as the one before is answered, until it is told to stop. */
function flood(url: string, name: string, tally: Tally, stopped: () => boolean): Promise<void> {
  const { hostname, port } = new URL(url);
  let n = 0;
  const request = () => {
    n += 1;
    const messages = Array.from(
      { length: BATCH },
      (_, i) =>
        `{"type":"track","messageId":"${name}-${n}-${i}","timestamp":"2026-11-20T10:00:00.000Z","userId":"user-${name}","event":"report.viewed","properties":{"note":"${"x".repeat(200)}"}}`,
    );
    const body = `{"batch":[${messages.join(",")}]}`;
    return `POST /v1/batch HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Bearer ${SPAWNED_SECRET_KEY}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  };
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = "";
    const send = () => {
      tally.sent += BATCH;
      socket.write(request());
    };
    socket.on("connect", send);
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      const head = text.indexOf("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? Number.NaN);
      if (head < 0 || text.length < head + 4 + length) return;
      const status = text.slice(9, 12);
      if (status === "200") tally.accepted += BATCH;
      else if ((status === "503" || status === "429") && /^retry-after: [1-9]/im.test(text))
        tally.refused += BATCH;
      else tally.wrong += 1;
      text = "";
      if (stopped()) socket.destroy();
      else send();
    });
    socket.on("close", () => resolve());
    socket.on("error", () => {
      if (!stopped()) tally.wrong += 1;
      resolve();
    });
  });
}

function memoryOf(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Holds the store's one lock for most of the time, as a disk does that hardly gets on; gives back how to let go. */
const HELD_MS = SOAK ? 3_000 : 400;
const FREE_MS = SOAK ? 20 : 40;
type Hold = () => Promise<() => Promise<void>>;

function holdSqlite(path: string): Hold {
  return async () => {
    const database = openDatabase(path);
    let over = false;
    const held = (async () => {
      while (!over) {
        try {
          database.exec("BEGIN IMMEDIATE");
        } catch {
          await wait(1);
          continue;
        }
        await wait(HELD_MS);
        database.exec("ROLLBACK");
        await wait(FREE_MS);
      }
    })();
    return async () => {
      over = true;
      await held;
      database.close();
    };
  };
}

function holdPostgres(url: string): Hold {
  return async () => {
    const sql = postgres(url, { max: 1 });
    let over = false;
    const held = (async () => {
      while (!over) {
        await sql.begin(async (transaction) => {
          await transaction`LOCK TABLE message_ids IN EXCLUSIVE MODE`;
          await wait(HELD_MS);
        });
        await wait(FREE_MS);
      }
    })();
    return async () => {
      over = true;
      await held;
      await sql.end();
    };
  };
}

for (const store of ["sqlite", "postgres"] as const)
  describe(`a server on ${store} under ten times the load that it can take`, () => {
    it.skipIf(process.platform !== "linux")(
      `keeps its memory bounded for ${SECONDS} s, and says with each refusal when to come again (memory is read on Linux)`,
      async () => {
        const dataDir = join(folder, store);
        const lease = store === "postgres" ? await leaseDatabase() : undefined;
        const env = lease === undefined ? {} : { DATABASE_URL: lease.url };
        const { url, child, exited } = await spawnServer(dataDir, {
          main: built.main,
          quiet: true,
          env: { ...env, NODE_OPTIONS: `--max-old-space-size=${OLD_SPACE_MB}` },
        });
        try {
          const hold = lease === undefined ? holdSqlite(join(dataDir, "cairn.db")) : holdPostgres(lease.url);
          const atRest = memoryOf(child.pid);
          const release = await hold();
          const tally: Tally = { sent: 0, accepted: 0, refused: 0, wrong: 0 };
          const from = performance.now();
          // On a busy machine it takes longer until more waits than may.
          const stopped = () => {
            const seconds = (performance.now() - from) / 1_000;
            return seconds > 60 + SECONDS || (seconds > SECONDS && tally.refused > 0);
          };
          const floods = Array.from({ length: CONNECTIONS }, (_, i) => flood(url, `c${i}`, tally, stopped));
          let highest = 0;
          while (!stopped()) {
            highest = Math.max(highest, memoryOf(child.pid));
            await wait(50);
          }
          const { sent, accepted, refused, wrong } = tally;
          await release();
          await Promise.all(floods);
          console.log(
            `${store}: in ${SECONDS} s ${sent} events offered, ${accepted} stored, ${refused} refused; memory ${Math.round(atRest)} MB at rest, ≤ ${Math.round(highest)} MB`,
          );
          expect(wrong).toBe(0);
          expect(refused).toBeGreaterThan(0);
          expect(highest - atRest).toBeLessThan(ROOM_MB);
          if (SOAK) expect(sent / accepted).toBeGreaterThan(10);
          // And it goes on as if nothing had been.
          const response = await fetch(`${url}/v1/track`, {
            method: "POST",
            headers: { authorization: `Bearer ${SPAWNED_SECRET_KEY}`, "content-type": "application/json" },
            body: JSON.stringify({ event: "after", userId: "u", messageId: "after" }),
          });
          expect(response.status).toBe(200);
          child.kill("SIGTERM");
          expect(await exited).toEqual([0, null]);
        } finally {
          child.kill("SIGKILL");
        }
        lease?.giveBack();
      },
      SECONDS * 1_000 + 180_000,
    );
  });
