import { expect } from "vitest";
import { SPAWNED_SECRET_KEY } from "./spawn-server.ts";

const headers = { authorization: `Bearer ${SPAWNED_SECRET_KEY}`, "content-type": "application/json" };
const BATCH = 20;

/** What clients know: which messages were acknowledged, and which batches they have to send again. */
export interface Ledger {
  readonly acknowledged: Set<string>;
  readonly unanswered: string[][];
}

/** Whether the batch was acknowledged. */
export async function post(url: string, ids: readonly string[], event: string): Promise<boolean> {
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

/** Sends batches until one is not acknowledged, and keeps what was. */
export async function sendUntilRefused(
  url: string,
  sender: string,
  event: string,
  ledger: Ledger,
  onAnswer: () => void,
): Promise<void> {
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
export async function verify(
  url: string,
  event: string,
  { acknowledged, unanswered }: Ledger,
): Promise<number> {
  const stored = await storedIds(url, event);
  const there = new Set(stored);
  expect(stored.length - there.size, "stored twice").toBe(0);
  expect([...acknowledged].filter((id) => !there.has(id))).toEqual([]);
  // Sent again for ever, as clients do; a test has its own end.
  for (const ids of unanswered)
    while (!(await post(url, ids, event))) await new Promise((next) => setTimeout(next, 20));
  const all = await storedIds(url, event);
  expect(new Set(all)).toEqual(new Set([...acknowledged, ...unanswered.flat()]));
  expect(all).toHaveLength(new Set(all).size);
  return all.length;
}

export async function isReady(url: string): Promise<boolean> {
  return (await fetch(`${url}/readyz`)).ok;
}
