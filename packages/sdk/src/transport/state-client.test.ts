import { createState } from "@cairn/engine/core";
import { describe, expect, it } from "vitest";
import { createMemoryStore } from "../state/memory-store.ts";
import { createFakeClock, type FakeClock, settle } from "../testing.ts";
import type { Request } from "./request.ts";
import { createStateClient } from "./state-client.ts";

const jwt = (now: number) => {
  const part = (value: object) => btoa(JSON.stringify(value)).replace(/=+$/, "");
  return `${part({ alg: "HS256" })}.${part({ sub: "u", exp: now / 1_000 + 86_400 })}.x`;
};

interface Asked {
  readonly method: string;
  readonly at: number;
  readonly keepalive: boolean;
  readonly body: string;
}

/** A client whose server answers as the test says: `[status, Retry-After]`; without, it takes everything. */
function setUp(
  answer: (method: string) => readonly [status: number, retryAfter?: string | undefined] | undefined,
  { clock = createFakeClock(), values = new Map<string, unknown>(), event = "e" } = {},
) {
  const start = clock.now();
  const asked: Asked[] = [];
  const request: Request = async (_, init, read) => {
    const { method = "GET", keepalive = false, body } = init;
    asked.push({ method, keepalive, body: String(body), at: (clock.now() - start) / 1_000 });
    const [status, retryAfter] = answer(method) ?? [200];
    const headers = retryAfter === undefined ? {} : { "Retry-After": retryAfter };
    return read(new Response(status === 200 ? '{"state":null}' : "{}", { status, headers }));
  };
  const fresh = createState({ device: "d", anonymousId: "a", userId: "u", now: start });
  const state = {
    ...fresh,
    shared: { ...fresh.shared, books: { [event]: {} } },
  } as unknown as typeof fresh;
  const errors: unknown[] = [];
  const client = createStateClient({
    request,
    post: async () => undefined,
    clock,
    key: "pk",
    environment: "pk",
    store: createMemoryStore(values),
    userId: "u",
    token: jwt(start),
    random: () => 0.5,
    state: () => state,
    toText: JSON.stringify,
    learn() {},
    report: (error) => errors.push(error),
  });
  return { client, clock, asked, errors, values };
}
const puts = (asked: readonly Asked[]) => asked.filter(({ method }) => method === "PUT");
/** Changes the state, and lets the client fail on it. */
async function fail(client: { pull(): Promise<unknown>; changed(): void }, clock: FakeClock) {
  await client.pull();
  client.changed();
  await clock.advance(5_000);
}

describe("a page that goes", () => {
  it("sends its state, and again what a server without words did not take", async () => {
    const { client, clock, asked } = setUp(() => [500]);
    await fail(client, clock);
    expect(puts(asked)).toHaveLength(1);
    client.leave();
    await settle();
    expect(puts(asked).map(({ keepalive }) => keepalive)).toEqual([false, true]);
  });

  it.each([
    ["is told to come later", 429, "3600"],
    ["is told to come later, when it asks", 503, "3600"],
    ["is refused", 403, undefined],
  ] as const)("sends none where the person's state %s", async (words, status, retryAfter) => {
    const onlyAsking = words.endsWith("asks");
    const { client, clock, asked, errors } = setUp((method) =>
      onlyAsking === (method === "GET") ? [status, retryAfter] : undefined,
    );
    await fail(client, clock);
    const before = asked.length;
    for (let n = 0; n < 3; n++) {
      client.leave();
      await clock.advance(5_000);
    }
    expect(asked.slice(before)).toEqual([]);
    if (onlyAsking) expect(puts(asked)).toEqual([]);
    // In its time it goes on.
    await clock.advance(2 * 3_600_000);
    expect(asked.length > before).toBe(retryAfter !== undefined);
    for (const { at } of asked.slice(before)) expect(at).toBeGreaterThanOrEqual(3_600);
    expect(errors).toEqual([]);
  });

  it("counts bytes: a state whose body is over 8,000 of them stays for the next page", async () => {
    for (const [event, count] of [
      ["x".repeat(3_000), 1],
      ["я".repeat(4_000), 0],
      ['"'.repeat(3_000), 0],
    ] as const) {
      const { client, asked } = setUp(() => undefined, { event });
      await client.pull();
      client.changed();
      client.leave();
      await settle();
      const bodies = puts(asked).map(({ body }) => new TextEncoder().encode(body).length);
      expect(bodies).toHaveLength(count);
      for (const bytes of bodies) expect(bytes).toBeLessThanOrEqual(8_000);
    }
  });
});

it('keeps to a server\'s "later" on other tabs and pages, a day at most', async () => {
  const first = setUp(() => [429, "600"]);
  await fail(first.client, first.clock);
  first.client.dispose();
  const { clock, values } = first;
  const next = setUp(() => undefined, { clock, values });
  await fail(next.client, clock);
  expect(next.asked).toEqual([]);
  await clock.advance(20 * 60_000);
  expect(next.asked[0]?.method).toBe("PUT");
  expect(next.asked[0]?.at).toBeGreaterThanOrEqual(590);
  next.client.dispose();
  // A clock that has gone back.
  for (const key of values.keys()) values.set(key, clock.now() + 2 * 86_400_000);
  const last = setUp(() => undefined, { clock, values });
  await fail(last.client, clock);
  expect(last.asked.map(({ method }) => method)).toEqual(["GET", "PUT"]);
});
