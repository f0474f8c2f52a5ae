import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildServer } from "./built-server.ts";
import { isReady, type Ledger, sendUntilRefused, verify } from "./load.ts";
import { leaseDatabase } from "./postgres/lease-database.ts";
import { spawnServer } from "./spawn-server.ts";

const SOAK = process.env.CAIRN_SOAK === "1";
const KILLS = SOAK ? 50 : 2;
const STOPS = SOAK ? 20 : 1;
const SENDERS = 6;
const BATCH = 20;
/** Asked only where nothing else runs: a busy machine takes its time to start anything. */
const READY_MS = SOAK && (loadavg()[0] ?? 0) < cpus().length ? 2_000 : undefined;

const folder = mkdtempSync(join(tmpdir(), "cairn-crash-"));
let built: Awaited<ReturnType<typeof buildServer>>;
beforeAll(async () => {
  built = await buildServer();
});
afterAll(() => {
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

const stores = ["sqlite", "postgres"] as const;

for (const store of stores)
  describe(`a server on ${store}`, () => {
    const open = async (name: string) => {
      const database = store === "postgres" ? await leaseDatabase() : undefined;
      const env = database === undefined ? {} : { DATABASE_URL: database.url };
      return () => spawnServer(join(folder, name), { main: built.main, env });
    };
    /** Puts the server under load and ends it after some answers: in the middle, not at a quiet moment. */
    const endUnderLoad = async (
      server: Awaited<ReturnType<typeof spawnServer>>,
      event: string,
      answersBefore: number,
      signal: "SIGKILL" | "SIGTERM",
    ) => {
      const ledger: Ledger = { acknowledged: new Set(), unanswered: [] };
      let answers = 0;
      await Promise.all(
        Array.from({ length: SENDERS }, (_, s) =>
          sendUntilRefused(server.url, `${event}s${s}`, event, ledger, () => {
            answers += 1;
            if (answers === answersBefore) server.child.kill(signal);
          }),
        ),
      );
      expect(answers).toBeGreaterThanOrEqual(answersBefore);
      return { ledger, exit: await server.exited };
    };

    it(`has every acknowledged event exactly once after ${KILLS} times kill -9 under load, and is soon ready`, async () => {
      const start = await open(`${store}-killed`);
      let stored = 0;
      const ready: number[] = [];
      let server = await start();
      for (let round = 0; round < KILLS; round++) {
        const event = `killed${round}`;
        const { ledger, exit } = await endUnderLoad(
          server,
          event,
          1 + Math.floor(Math.random() * 90),
          "SIGKILL",
        );
        expect(exit[1]).toBe("SIGKILL");
        const from = performance.now();
        server = await start();
        expect(await isReady(server.url)).toBe(true);
        ready.push(performance.now() - from);
        stored += await verify(server.url, event, ledger);
      }
      server.child.kill("SIGKILL");
      await server.exited;
      const sorted = ready.sort((a, b) => a - b).map(Math.round);
      const [middle, slowest = 0] = [sorted[sorted.length >> 1], sorted.at(-1)];
      console.log(
        `${store}: ${KILLS} × kill -9, ${stored} events, ready again after ${middle} ms (slowest ${slowest}), load ${loadavg()[0]?.toFixed(1)}`,
      );
      if (READY_MS !== undefined) expect(slowest).toBeLessThan(READY_MS);
      expect(stored).toBeGreaterThan(KILLS * SENDERS * BATCH);
    }, 600_000);

    it(`loses nothing acknowledged when it is told to stop under load, ${STOPS} times, and exits 0`, async () => {
      const start = await open(`${store}-stopped`);
      let server = await start();
      for (let round = 0; round < STOPS; round++) {
        const event = `stopped${round}`;
        const { ledger, exit } = await endUnderLoad(server, event, 20 + 7 * round, "SIGTERM");
        expect(exit).toEqual([0, null]);
        server = await start();
        await verify(server.url, event, ledger);
      }
      server.child.kill("SIGINT");
      expect(await server.exited).toEqual([0, null]);
    }, 600_000);
  });
