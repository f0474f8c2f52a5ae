import type { Config } from "@cairn/flow-schema";

/** A hint that everybody is to see once. */
export const onceConfig = (environment: string): Config =>
  ({
    schemaVersion: 1,
    environment,
    flows: [
      {
        schemaVersion: 1,
        id: "once",
        kind: "tooltip",
        steps: [
          {
            id: "only",
            target: { anchor: "here" },
            title: "Seen once",
            actions: [{ id: "ok", label: "Got it", do: "done" }],
          },
        ],
      },
    ],
    settings: { budget: null, identity: { settle: "0s" }, guard: { typing: false } },
  }) as unknown as Config;
