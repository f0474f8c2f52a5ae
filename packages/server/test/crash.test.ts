import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { buildServer } from "./built-server.ts";
import { leaseDatabase } from "./postgres/lease-database.ts";
import { SPAWNED_SECRET_KEY, spawnServer } from "./spawn-server.ts";

const SOAK = process.env.CAIRN_SOAK === "1";
const KILLS = SOAK ? 50 : 3;
const STOPS = SOAK ? 20 : 2;
const SENDERS = 6;
const BATCH = 20;
/** A busy machine takes its time to start anything; the real bound is asked where nothing else runs. */
const READY_MS = SOAK ? 2_000 : 20_000;

const folder = mkdtempSync(join(tmpdir(), "cairn-crash-"));
let built: Awaited<ReturnType<typeof buildServer>>;
beforeAll(async () => {
  built = await buildServer();
});
afterAll(() => {
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

const headers = { authorization: `Bearer ${SPAWNED_SECRET_KEY}`, "content-type": "application/json" };
const stores = ["sqlite", "postgres"] as const;

/** What clients know: which messages were acknowledged, and which batches they have to send again. */
interface Ledger {
  readonly acknowledged: Set<string>;
  readonly unanswered: string[][];
}

async function post(url: string, ids: readonly string[], event: string): Promise<boolean> {
  const batch = ids.map((messageId) => ({
    type: "track",
    event,
    userId: messageId.split("-")[0],
    messageId,
    timestamp: "2026-11-20T10:00:00.000Z",
  }));
  try {
    const response = await fetch(`${url}/v1/batch`, {
      method: "POST",
      headers,
      body: JSON.stringify({ batch }),
    });
    if (!response.ok) return false;
    const { accepted, duplicate } = (await response.json()) as { accepted: number; duplicate: number };
    expect(accepted + duplicate).toBe(ids.length);
    return true;
  } catch {
    return false;
  }
}

/** Sends batches until the server is gone, and keeps what was acknowledged. */
async function sendUntilGone(
  url: string,
  sender: string,
  event: string,
  ledger: Ledger,
  onAnswer: () => void,
) {
  for (let n = 0; ; n++) {
    const ids = Array.from({ length: BATCH }, (_, i) => `${sender}-${n}-${i}`);
    if (!(await post(url, ids, event))) {
      ledger.unanswered.push(ids);
      return;
    }
    for (const id of ids) ledger.acknowledged.add(id);
    onAnswer();
  }
}

async function storedIds(url: string, event: string): Promise<string[]> {
  const text = await (await fetch(`${url}/v1/events?name=${event}`, { headers })).text();
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { messageId: string }).messageId);
}

/** Everything acknowledged is there, and nothing twice; then what had no answer is sent again, as clients do. */
async function verify(url: string, event: string, { acknowledged, unanswered }: Ledger): Promise<number> {
  const stored = await storedIds(url, event);
  const there = new Set(stored);
  expect(stored.length - there.size, "stored twice").toBe(0);
  expect([...acknowledged].filter((id) => !there.has(id))).toEqual([]);
  for (const ids of unanswered) expect(await post(url, ids, event)).toBe(true);
  const all = await storedIds(url, event);
  expect(new Set(all)).toEqual(new Set([...acknowledged, ...unanswered.flat()]));
  expect(all).toHaveLength(new Set(all).size);
  return all.length;
}

async function isReady(url: string): Promise<boolean> {
  return (await fetch(`${url}/readyz`)).ok;
}

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
          sendUntilGone(server.url, `${event}s${s}`, event, ledger, () => {
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
      let slowest = 0;
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
        slowest = Math.max(slowest, performance.now() - from);
        stored += await verify(server.url, event, ledger);
      }
      server.child.kill("SIGKILL");
      await server.exited;
      console.log(
        `${store}: ${KILLS} × kill -9, ${stored} events, ready again after ≤ ${Math.round(slowest)} ms`,
      );
      expect(slowest).toBeLessThan(READY_MS);
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
