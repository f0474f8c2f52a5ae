import type { Config, Flow } from "@cairn/flow-schema";
import { compile, createState, transition } from "../src/index.ts";

const START = Date.UTC(2026, 0, 5);

/**
 * Published flows, of which ten listen to `listened`; the others to events that do not come. `atLeast` decides how
 * often they fire: 3 in 14 days = at every event (and are held by their audience), 49 in 40 s = never.
 */
function config(flows: number, atLeast: number): Config {
  return {
    schemaVersion: 1,
    flows: Array.from(
      { length: flows },
      (_, i) =>
        ({
          schemaVersion: 1,
          id: `flow-${i}`,
          kind: "tooltip",
          audience: { all: [{ user: { plan: { $in: ["trial", "pro"] } } }, { page: "/reports/:id" }] },
          trigger: {
            event: i % (flows / 10) === 0 ? "listened" : `other-${i}`,
            atLeast,
            within: atLeast === 3 ? "14d" : "40s",
          },
          steps: [{ id: "one", title: "Hello", target: { anchor: "button" } }],
        }) as unknown as Flow,
    ),
  };
}

function median(values: number[]): number {
  values.sort((a, b) => a - b);
  return values[values.length >> 1] ?? 0;
}

function measure(flows: number, atLeast: number): { readonly median: number; readonly cpu: number } {
  const compiled = compile(config(flows, atLeast));
  let state = createState({ device: "bench", anonymousId: "a", now: START });
  const env = { timezone: "UTC", device: { width: 1280, height: 800, touch: false } };
  let now = START;
  const send = (input: Parameters<typeof transition>[2]) => {
    now += 1_000;
    state = transition(compiled, state, input, { ...env, now }).state;
  };
  send({ type: "config" });
  send({ type: "identify", userId: "u", traits: { plan: "free" } });
  send({ type: "page", url: "https://app.example.com/reports/7" });
  const samples: number[] = [];
  const cpu = process.cpuUsage();
  for (let i = 0; i < 60_000; i++) {
    const begin = process.hrtime.bigint();
    send({ type: "track", event: "listened", properties: { report: "7" } });
    if (i > 20_000) samples.push(Number(process.hrtime.bigint() - begin) / 1_000);
  }
  // On a busy machine the clock also counts what others do; the processor's own time does not.
  const { user } = process.cpuUsage(cpu);
  return { median: median(samples), cpu: user / 60_000 };
}

for (const [what, atLeast] of [
  ["none fires", 49],
  ["all ten fire and are held", 3],
] as const)
  for (const flows of [1_000, 10_000]) {
    const { median: wall, cpu } = measure(flows, atLeast);
    console.log(
      `track, ${flows} flows, 10 listen, ${what}: ${wall.toFixed(1)} µs median (limit 25), ${cpu.toFixed(1)} µs of processor time`,
    );
  }
