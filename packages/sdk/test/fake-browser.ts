import type { Config, Message } from "@cairn/flow-schema";
import * as course from "../src/course.ts";
import type { Platform, Ui, UiPorts } from "../src/ports.ts";
import * as privacy from "../src/privacy.ts";
import * as rare from "../src/rare.ts";
import * as screen from "../src/screen.ts";
import * as signals from "../src/signals/watch-signals.ts";
import { createMemoryStore } from "../src/state/memory-store.ts";
import { createFakeClock, type FakeClock } from "../src/testing.ts";
import * as stateClient from "../src/transport/state-client.ts";

export interface FakeBrowserOptions {
  /** What the server has published. */
  readonly config?: Config;
  readonly clock?: FakeClock;
  /** What lies in the store. */
  readonly values?: Map<string, unknown>;
  /** Two browsers with the same seed make the same ids. */
  readonly seed?: number;
  /** The server's answer, where it is not the usual one. */
  answer?(url: string, init?: RequestInit): Response | undefined | Promise<Response | undefined>;
}

/** A browser of which everything but the page is fake. */
export function fakeBrowser(options: FakeBrowserOptions) {
  const { clock = createFakeClock(), values = new Map<string, unknown>() } = options;
  const requests: { url: string; init: RequestInit | undefined }[] = [];
  const stored: Message[] = [];
  const shown: string[] = [];
  const runs = new Set<string>();
  const warnings: unknown[] = [];
  let published = options.config;
  let ports: UiPorts | undefined;
  let uis = 0;
  let seed = options.seed ?? 1;
  const nextRandom = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed >> 16;
  };
  const ui: Ui = {
    show: ({ run, flow, step }, { resumed }) => {
      runs.add(run);
      shown.push(`show ${flow}/${step?.id}${resumed ? " again" : ""}`);
    },
    update: ({ flow }) => shown.push(`update ${flow}`),
    hide: () => shown.push("hide"),
    panel: () => shown.push("panel"),
    toast: () => shown.push("toast"),
    setLocale: (locale) => shown.push(`locale ${locale}`),
    dispose: () => shown.push("dispose"),
  };
  const platform: Platform = {
    window: globalThis.window as unknown as Platform["window"],
    clock,
    fetch: async (input, init) => {
      const url = String(input);
      requests.push({ url, init });
      const answer = await options.answer?.(url, init);
      if (answer) return answer;
      if (url.includes("/v1/config")) return new Response(JSON.stringify(published));
      const { batch } = JSON.parse(String(init?.body)) as { batch: Message[] };
      for (const message of batch)
        if (!stored.some(({ messageId }) => messageId === message.messageId)) stored.push(message);
      return new Response(JSON.stringify({ accepted: batch.length, duplicate: 0, rejected: [] }));
    },
    logger: { warn: (...words) => warnings.push(words[0]) },
    openStore: () => createMemoryStore(values),
    loadScreen: async () => ({
      ...screen,
      createUi: (given) => {
        uis++;
        ports = given;
        return ui;
      },
    }),
    loadCourse: async () => course,
    loadSignals: async () => signals,
    loadVerified: async () => stateClient,
    loadPrivacy: async () => privacy,
    loadRare: async () => rare,
    // Predictable, and different each time.
    fill: (bytes) => {
      for (let i = 0; i < bytes.length; i++) bytes[i] = nextRandom();
    },
    random: () => 0.5,
  };
  return {
    clock,
    values,
    requests,
    stored,
    shown,
    /** Of everything that was shown. */
    runs: () => [...runs],
    warnings,
    platform,
    ui: () => ports as UiPorts,
    /** How often the UI was made. */
    uis: () => uis,
    publish: (next: Config) => {
      published = next;
    },
    events: () => stored.map(({ type, event }) => event ?? type),
  };
}
