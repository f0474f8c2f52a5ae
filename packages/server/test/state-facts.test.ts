import { compile, createState, type Facts, transition } from "@cairn/engine";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createTestServer, NOW, PUBLIC_KEY } from "./test-server.ts";
import { goodToken, installKeys } from "./user-token.ts";

const MINUTE = 60_000;
const START = NOW - 40 * 24 * 60 * MINUTE;
const ENV = { timezone: "UTC", device: { width: 1280, height: 800, touch: false } };
const COMPILED = compile({ schemaVersion: 1, flows: [] });

interface Sent {
  readonly type: string;
  readonly event?: string;
  readonly messageId: string;
  readonly timestamp: string;
  readonly userId?: string;
  readonly anonymousId?: string;
  readonly context?: { readonly groupId: string };
}

async function server() {
  const test = createTestServer();
  await installKeys(test.deps.storage);
  const factsOf = async (token: string) => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await test.app.request(`/v1/state?key=${PUBLIC_KEY}`, { headers });
    return ((await answer.json()) as { facts: Facts }).facts;
  };
  return { ...test, factsOf };
}

describe("the facts of a person", () => {
  it("are what a device remembers that was there all the time, however late and often events came", async () => {
    const message = fc.record({
      name: fc.constantFrom("a", "a", "a", "b", "c", "page"),
      // Often at the same moment, and sometimes more than the fifty that are listed.
      after: fc.constantFrom(0, 0, 1, 7 * 24 * 60),
      delivery: fc.nat(1_000),
      isRepeated: fc.boolean(),
    });
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 160, size: "max" }), async (drawn) => {
        runs += 1;
        const { app, factsOf } = await server();
        let at = START;
        const sent = drawn.map(({ name, after }, i): Sent => {
          at = Math.min(at + after * MINUTE, NOW);
          return {
            type: name === "page" ? "page" : "track",
            ...(name === "page" ? {} : { event: name }),
            messageId: `m${String(i).padStart(3, "0")}`,
            timestamp: new Date(at).toISOString(),
            anonymousId: "x",
            // Nobody has signed in at first.
            ...(i < drawn.length / 4 && drawn.length > 1 ? {} : { userId: "u1" }),
          };
        });
        const arriving = drawn
          .flatMap(({ delivery, isRepeated }, i) =>
            (isRepeated ? [i, i] : [i]).map((of) => ({ of, delivery })),
          )
          .sort((a, b) => a.delivery - b.delivery)
          .map(({ of }) => sent[of]);
        for (let i = 0; i < arriving.length; i += 50) {
          const batch = { writeKey: PUBLIC_KEY, token: goodToken("u1"), batch: arriving.slice(i, i + 50) };
          const answer = await app.request("/v1/batch", { method: "POST", body: JSON.stringify(batch) });
          expect(answer.status).toBe(200);
        }
        const state = createState({ device: "d", anonymousId: "x", now: START, userId: "u1" });
        transition(COMPILED, state, { type: "config" }, { ...ENV, now: START });
        for (const { event, timestamp } of sent)
          if (event !== undefined)
            transition(COMPILED, state, { type: "track", event }, { ...ENV, now: Date.parse(timestamp) });
        const facts = await factsOf(goodToken("u1"));
        expect(facts.user).toEqual(JSON.parse(JSON.stringify(state.shared.books.d ?? {})));
        expect(facts.upto).toBe(Date.parse(sent.at(-1)?.timestamp ?? ""));
      }),
      { numRuns: 15 },
    );
    expect(runs).toBeGreaterThanOrEqual(15);
  });
});

describe("the facts of an account", () => {
  it("hold what names no account and is of those who are in this one: servers send it so", async () => {
    const { send, app, factsOf } = await server();
    let ids = 0;
    const sent = (userId: string, event: string, minute: number, groupId?: string): Sent => ({
      type: "track",
      event,
      userId,
      messageId: `m${++ids}`,
      timestamp: new Date(START + minute * MINUTE).toISOString(),
      ...(groupId === undefined ? {} : { context: { groupId } }),
    });
    await send("POST", "/v1/batch", {
      batch: [
        sent("ana", "invoice.sent", 1),
        sent("ana", "opened", 2, "acme"),
        sent("ana", "invoice.sent", 3),
        // Ben has gone to another account since.
        sent("ben", "invoice.sent", 1, "acme"),
        sent("ben", "invoice.sent", 2),
        sent("ben", "opened", 3, "bolt"),
        sent("cleo", "invoice.sent", 4),
      ],
    });
    // Nobody vouches for what says that Cleo is of Acme.
    const forged = { writeKey: PUBLIC_KEY, batch: [sent("cleo", "opened", 5, "acme")] };
    await app.request("/v1/batch", { method: "POST", body: JSON.stringify(forged) });
    const at = (minute: number) => START + minute * MINUTE;
    const { account } = await factsOf(goodToken("dan", { account: "acme" }));
    expect(account?.book["e:invoice.sent"]).toMatchObject({ n: 3, first: at(1), at: [at(1), at(1), at(3)] });
    expect(account?.book["e:opened"]?.n).toBe(1);
    const bolt = (await factsOf(goodToken("dan", { account: "bolt" }))).account;
    expect(bolt?.book["e:invoice.sent"]).toMatchObject({ n: 1, at: [at(2)] });
  });
});
