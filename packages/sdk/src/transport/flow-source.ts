import type { Config } from "@cairn/flow-schema";
import type { Clock } from "../ports.ts";

const TIMEOUT_MS = 10_000;
/** A page that comes back after this long asks for news. */
const STALE_MS = 60_000;
const REFRESH_MS = 300_000;

export interface FlowSource {
  /** Fetches the definitions; resolves when they have been applied, or could not be had. */
  refresh(): Promise<void>;
  /** The page has become visible. */
  visible(): void;
  dispose(): void;
}

const isConfig = (value: unknown): value is Config =>
  typeof value === "object" &&
  value !== null &&
  (value as Config).schemaVersion === 1 &&
  Array.isArray((value as Config).flows);

/** The published definitions, fetched and kept fresh. Whatever fails is silence: the last ones stay in force. */
export function createFlowSource(ports: {
  fetch: typeof fetch;
  clock: Clock;
  host: string;
  key: string;
  /** Whether anybody is looking; a hidden page does not ask. */
  isVisible: () => boolean;
  apply(config: Config): void;
}): FlowSource {
  const { clock } = ports;
  const url = `${ports.host}/v1/config?key=${encodeURIComponent(ports.key)}`;
  let last = "";
  let asked = 0;
  let cancelNext = () => {};
  let stopped = false;

  async function refresh(): Promise<void> {
    asked = clock.now();
    cancelNext();
    cancelNext = clock.after(REFRESH_MS, () => {
      if (ports.isVisible()) refresh();
    });
    const abort = new AbortController();
    const cancel = clock.after(TIMEOUT_MS, () => abort.abort());
    try {
      const answer = await ports.fetch(url, { cache: "no-cache", credentials: "omit", signal: abort.signal });
      const text = answer.ok ? await answer.text() : "";
      if (stopped || text === "" || text === last) return;
      const config: unknown = JSON.parse(text);
      if (!isConfig(config)) return;
      last = text;
      ports.apply(config);
    } catch {
      // No network, no JSON, no server: nothing to do but try again later.
    } finally {
      cancel();
    }
  }

  return {
    refresh,
    visible() {
      if (!stopped && clock.now() - asked > STALE_MS) refresh();
    },
    dispose() {
      stopped = true;
      cancelNext();
    },
  };
}
