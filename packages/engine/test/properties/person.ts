import fc from "fast-check";
import { aConfig, aFlow, aStep, type Driver } from "../../src/testing.ts";
import { FULL } from "../full.ts";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Every property is tried so often. */
export const RUNS = { numRuns: FULL ? 1_000 : 120 } as const;

const KINDS = ["tooltip", "banner", "hotspot", "modal", "checklist"] as const;

/** Some flows that compete for one person's attention. */
export const flows = KINDS.flatMap((kind, i) =>
  ["p", "q"].map((letter, j) =>
    aFlow(`${kind}-${letter}`, {
      kind,
      priority: (i * 7 + j * 3) % 10,
      ...(i === 3 && j === 1 && { critical: true }),
      trigger: { event: letter === "p" ? "a" : "b", atLeast: 1 + j, within: "1h" },
      frequency: { atMost: 1 + ((i + j) % 3), until: i % 2 ? "none" : "dismissed", gap: "10m" },
      ...(i === 1 && { goal: { reach: { event: "c" } } }),
      ...(kind === "checklist"
        ? { items: [{ id: "i", title: "I", done: { event: "c" } }] }
        : {
            steps: [
              aStep("one", {
                ...(i === 0 && { target: "btn" }),
                actions: [
                  { id: "ok", label: "OK", do: "done" },
                  { id: "later", label: "Later", do: { snooze: "5m" } },
                ],
              }),
            ],
          }),
    }),
  ),
);
export const BUDGET = { perSession: 3, perDay: 5, perWeek: 8, minGap: "2m" } as const;
export const config = aConfig(flows, { settings: { budget: BUDGET } });

export type Move =
  | { readonly kind: "track"; readonly event: string }
  | { readonly kind: "wait"; readonly ms: number }
  | { readonly kind: "start"; readonly flow: string }
  | {
      readonly kind:
        | "page"
        | "expose"
        | "close"
        | "done"
        | "later"
        | "lose"
        | "find"
        | "guard"
        | "unguard"
        | "identify";
    };

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom("a", "b", "c").map((event): Move => ({ kind: "track", event })) },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(1_000, MINUTE, 2 * MINUTE, 10 * MINUTE, 11 * MINUTE, 30 * MINUTE, 700 * MINUTE)
      .map((ms): Move => ({ kind: "wait", ms })),
  },
  {
    weight: 7,
    arbitrary: fc
      .constantFrom<Exclude<Move["kind"], "track" | "wait" | "start">[]>(
        ...([
          "page",
          "expose",
          "expose",
          "expose",
          "close",
          "done",
          "later",
          "lose",
          "find",
          "guard",
          "unguard",
        ] as const),
        "identify",
      )
      .map((kind): Move => ({ kind })),
  },
  { weight: 1, arbitrary: fc.constantFrom(...flows).map(({ id }): Move => ({ kind: "start", flow: id })) },
);

/** What one person does on one device. */
export const log = fc.array(move, { minLength: 1, maxLength: 40, size: "large" });

export function play(driver: Driver, one: Move): void {
  const first = [...driver.screen.keys()][0];
  const press = (id: string) => {
    if (first && !first.startsWith("checklist")) driver.act(first, { kind: "button", id: id as never });
  };
  switch (one.kind) {
    case "track":
      driver.track(one.event);
      return;
    case "wait":
      driver.wait(one.ms);
      return;
    case "start":
      driver.send({ type: "start", flow: one.flow as never });
      return;
    case "page":
      driver.page("/");
      return;
    case "identify":
      driver.send({ type: "identify", userId: "u", traits: { plan: "pro" } });
      return;
    case "expose":
      for (const flow of driver.screen.keys()) if (driver.screen.has(flow)) driver.expose(flow);
      return;
    case "close":
      if (first) driver.act(first, { kind: "close" });
      return;
    case "done":
      press("ok");
      return;
    case "later":
      press("later");
      return;
    case "lose":
    case "find":
      driver.setTarget("btn", one.kind === "find");
      return;
    case "guard":
    case "unguard":
      driver.send({ type: "guard", reason: "typing", on: one.kind === "guard" });
      return;
  }
}

/** Every run that the state knows, with its flow. */
export const runsOf = (driver: Driver) =>
  Object.entries(driver.state.shared.runs).flatMap(([flow, runs]) =>
    Object.entries(runs).map(([id, run]) => ({ ...run, flow, id })),
  );

/** Keys in order, so that equal values are equal texts. */
export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, sorted(one)]),
  );
}
export const text = (value: unknown): string => JSON.stringify(sorted(value));
