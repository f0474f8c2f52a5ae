import type { Message } from "@cairn/flow-schema";
import type { Clock } from "../ports.ts";
import type { Outcome } from "./queue.ts";

const TIMEOUT_MS = 15_000;

export interface Sender {
  /** Sends one batch; never rejects. */
  send(batch: readonly Message[]): Promise<Outcome>;
  /** Sends a copy that outlives the page; nobody hears how it went. At most 60,000 bytes. */
  copy(batch: readonly Message[]): void;
}

/** Posts Segment batches as `text/plain`, without own headers: no preflight, no credentials. */
export function createSender(ports: {
  fetch: typeof fetch;
  clock: Clock;
  host: string;
  key: string;
}): Sender {
  const post = (batch: readonly Message[], init: RequestInit) =>
    ports.fetch(`${ports.host}/v1/batch`, {
      method: "POST",
      credentials: "omit",
      body: JSON.stringify({
        writeKey: ports.key,
        sentAt: new Date(ports.clock.now()).toISOString(),
        batch,
      }),
      ...init,
    });
  return {
    async send(batch) {
      const abort = new AbortController();
      const cancel = ports.clock.after(TIMEOUT_MS, () => abort.abort());
      try {
        const answer = await post(batch, { signal: abort.signal });
        // A hotel's login page answers 200 too: only the server's own words count as stored.
        const body: unknown = answer.ok ? await answer.json().catch(() => null) : null;
        const ok = typeof (body as { accepted?: unknown } | null)?.accepted === "number";
        return { kind: "answer", status: answer.status, ok, retryAfter: answer.headers.get("Retry-After") };
      } catch {
        return { kind: "lost" };
      } finally {
        cancel();
      }
    },
    copy(batch) {
      post(batch, { keepalive: true }).catch(() => {});
    },
  };
}
