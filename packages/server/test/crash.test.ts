import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { SPAWNED_SECRET_KEY, spawnServer } from "./spawn-server.ts";

const ROUNDS = 3;
const SENDERS = 6;
const folder = mkdtempSync(join(tmpdir(), "cairn-crash-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const headers = { authorization: `Bearer ${SPAWNED_SECRET_KEY}`, "content-type": "application/json" };

/** Sends batches until the server is gone, and keeps what was acknowledged. */
async function sendUntilGone(url: string, sender: string, acknowledged: Set<string>, onAnswer: () => void) {
  for (let n = 0; ; n++) {
    const ids = Array.from({ length: 20 }, (_, i) => `${sender}-${n}-${i}`);
    const batch = ids.map((messageId) => ({
      type: "track",
      event: "report.viewed",
      userId: sender,
      messageId,
      timestamp: "2026-11-20T10:00:00.000Z",
    }));
    try {
      const response = await fetch(`${url}/v1/batch`, {
        method: "POST",
        headers,
        body: JSON.stringify({ batch }),
      });
      if (!response.ok) return;
      const { accepted, duplicate } = (await response.json()) as { accepted: number; duplicate: number };
      expect(accepted + duplicate).toBe(20);
    } catch {
      return;
    }
    for (const id of ids) acknowledged.add(id);
    onAnswer();
  }
}

async function storedIds(url: string): Promise<string[]> {
  const text = await (await fetch(`${url}/v1/events`, { headers })).text();
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => (JSON.parse(line) as { messageId: string }).messageId);
}

describe("a server that is killed", () => {
  it(`has every acknowledged event exactly once after ${ROUNDS} times kill -9 under load`, async () => {
    const acknowledged = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      const { url, child, exited } = await spawnServer(folder);
      const stored = await storedIds(url);
      expect(new Set(stored).size).toBe(stored.length);
      const there = new Set(stored);
      expect([...acknowledged].filter((id) => !there.has(id))).toEqual([]);
      let answers = 0;
      // In the middle of the load, not at a quiet moment.
      const killAt = 40 + 37 * round;
      await Promise.all(
        Array.from({ length: SENDERS }, (_, s) =>
          sendUntilGone(url, `r${round}s${s}`, acknowledged, () => {
            answers += 1;
            if (answers === killAt) child.kill("SIGKILL");
          }),
        ),
      );
      expect((await exited)[1]).toBe("SIGKILL");
      expect(answers).toBeGreaterThanOrEqual(killAt);
    }
    const { url, child, exited } = await spawnServer(folder);
    const stored = await storedIds(url);
    expect(new Set(stored).size).toBe(stored.length);
    const there = new Set(stored);
    expect([...acknowledged].filter((id) => !there.has(id))).toEqual([]);
    expect(acknowledged.size).toBeGreaterThan(ROUNDS * 40 * 20);
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
  }, 120_000);

  it("loses nothing acknowledged when it is told to stop under load, and exits 0", async () => {
    const dataDir = join(folder, "stopped");
    const first = await spawnServer(dataDir);
    const acknowledged = new Set<string>();
    let answers = 0;
    await Promise.all(
      Array.from({ length: SENDERS }, (_, s) =>
        sendUntilGone(first.url, `s${s}`, acknowledged, () => {
          answers += 1;
          if (answers === 60) first.child.kill("SIGTERM");
        }),
      ),
    );
    expect(await first.exited).toEqual([0, null]);
    const second = await spawnServer(dataDir);
    const there = new Set(await storedIds(second.url));
    expect([...acknowledged].filter((id) => !there.has(id))).toEqual([]);
    second.child.kill("SIGINT");
    expect(await second.exited).toEqual([0, null]);
  }, 60_000);
});
