import type { Config } from "@cairn/flow-schema";
import type { Clock } from "../ports.ts";
import type { Request } from "./request.ts";

/** A page that comes back after this long asks for news. Milliseconds. */
const STALE_MS = 60_000;
const REFRESH_MS = 300_000;

export interface FlowSource {
  /** Fetches the definitions; resolves when they have been applied, or could not be had. */
  refresh(): Promise<void>;
  /** The page has become visible. */
  visible(): void;
  dispose(): void;
}

/** The published definitions, fetched and kept fresh. Whatever fails is silence: the last ones stay in force. */
export function createFlowSource(ports: {
  request: Request;
  clock: Clock;
  key: string;
  /** Whether anybody is looking; a hidden page does not ask. */
  isVisible: () => boolean;
  apply(config: Config): void;
}): FlowSource {
  const { clock } = ports;
  let last = "";
  let asked = 0;
  let cancelNext = () => {};
  let stopped = false;

  function refresh(): Promise<void> {
    asked = clock.now();
    cancelNext();
    cancelNext = clock.after(REFRESH_MS, () => {
      if (ports.isVisible()) refresh();
    });
    const path = `/v1/config?key=${encodeURIComponent(ports.key)}`;
    return ports.request(path, { cache: "no-cache" }, async (answer) => {
      const text = answer.ok ? await answer.text() : last;
      if (stopped || text === last) return;
      const config = JSON.parse(text) as Config | null;
      if (config?.schemaVersion !== 1 || !Array.isArray(config.flows)) return;
      last = text;
      ports.apply(config);
    });
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
