import { describe, expect, it } from "vitest";
import { createTestServer, NOW, OTHER_SECRET_KEY } from "./test-server.ts";

const at = (minute: number) => new Date(NOW - (100 - minute) * 60_000).toISOString();
let made = 0;
const message = (minute: number, more: object) => ({
  type: "track",
  event: "report.viewed",
  messageId: `users-${++made}`,
  timestamp: at(minute),
  ...more,
});
const ANNA = "anna/1@example.com";
const CANARY = "canary-of-anna";
const path = (id: string, more = "") => `/v1/users/${encodeURIComponent(id)}${more}`;

/** Anna, what she did before she signed in, and Boris on the same device after her. */
async function server() {
  const test = createTestServer();
  const { send, deps } = test;
  const sent = [
    message(1, { type: "page", anonymousId: "device", properties: { path: `/p/${CANARY}` } }),
    message(2, { type: "identify", userId: ANNA, anonymousId: "device", traits: { name: CANARY, seats: 1 } }),
    message(3, { type: "group", userId: ANNA, groupId: "acme", traits: { plan: "pro" } }),
    message(4, { userId: ANNA, properties: { text: CANARY } }),
    message(5, { type: "identify", userId: ANNA, traits: { seats: 2 } }),
    message(6, {
      event: "cairn.flow.decided",
      userId: ANNA,
      properties: { flow: "f", version: 1, outcome: "shown", start: "trigger" },
    }),
    message(7, { type: "identify", userId: "boris", anonymousId: "device", traits: { name: "Boris" } }),
    message(8, { userId: "boris", anonymousId: "device" }),
    message(9, { anonymousId: "passer-by" }),
  ];
  expect(await (await send("POST", "/v1/batch", { batch: sent })).json()).toMatchObject({ accepted: 9 });
  await deps.storage.writeDocument(
    "production",
    { collection: "state", id: ANNA, expected: 0, body: JSON.stringify({ runs: CANARY }) },
    NOW,
  );
  const lines = async (id: string) => {
    const response = await send("GET", path(id, "/export"));
    expect(response.status).toBe(200);
    const text = await response.text();
    return text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { readonly record: string; readonly [field: string]: unknown });
  };
  return { ...test, sent, lines };
}

describe("GET /v1/users/{id}/export", () => {
  it("hands out all that is stored of a person, and only theirs", async () => {
    const { lines, sent } = await server();
    const found = await lines(ANNA);
    expect(found.map(({ record }) => record)).toEqual([
      "person",
      "state",
      ..."event ".repeat(6).trim().split(" "),
      "traits",
      "end",
    ]);
    expect(found[0]).toEqual({
      record: "person",
      id: ANNA,
      userId: ANNA,
      environment: "production",
      exportedAt: new Date(NOW).toISOString(),
      anonymousIds: ["device"],
      accounts: ["acme"],
    });
    expect(found[1]).toMatchObject({ state: { runs: CANARY }, updatedAt: new Date(NOW).toISOString() });
    expect(found.slice(2, 8).map(({ message }) => message)).toEqual(sent.slice(0, 6));
    expect(found[2]).toMatchObject({ verified: true, receivedAt: new Date(NOW).toISOString() });
    expect(found.at(-2)).toEqual({ record: "traits", traits: { name: CANARY, seats: 2 } });
    expect(found.at(-1)).toEqual({ record: "end", events: 6 });
  });

  it("knows somebody who was never identified by their anonymous id, and says whose a known one is", async () => {
    const { lines, send } = await server();
    expect((await lines("passer-by"))[0]).toMatchObject({ userId: null, anonymousIds: ["passer-by"] });
    for (const method of ["GET", "DELETE"]) {
      const response = await send(method, path("device", method === "GET" ? "/export" : ""));
      expect(response.status).toBe(409);
      expect(await response.json()).toMatchObject({ error: { code: "conflict", details: { user: ANNA } } });
    }
  });
});

describe("DELETE /v1/users/{id}", () => {
  it("leaves nothing of a person in any answer, and everybody else as they were", async () => {
    const { send, lines, sent, deps } = await server();
    const boris = await lines("boris");
    const recent = async () => await (await send("GET", "/v1/reports/decisions")).text();
    expect(await recent()).toContain(ANNA);
    const response = await send("DELETE", path(ANNA));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ events: 6, anonymousIds: 1, state: true });
    for (const route of ["/v1/events", "/v1/catalog", "/v1/reports/decisions", "/v1/audit"]) {
      const answer = await (await send("GET", route)).text();
      expect([route, answer.includes(CANARY), answer.includes(ANNA)]).toEqual([route, false, false]);
    }
    expect(await deps.storage.document("production", "state", ANNA)).toBeUndefined();
    expect((await lines("boris")).slice(1)).toEqual(boris.slice(1));
    const left = (await (await send("GET", "/v1/events")).text()).trim().split("\n");
    expect(left.map((line) => (JSON.parse(line) as { messageId: string }).messageId)).toEqual(
      sent.slice(6).map(({ messageId }) => messageId),
    );
    expect((await send("GET", path(ANNA, "/export"))).status).toBe(404);
    expect((await send("DELETE", path(ANNA))).status).toBe(404);
  });

  it("writes down who did it, and not to whom", async () => {
    const { send } = await server();
    await send("DELETE", path(ANNA));
    const { entries } = (await (await send("GET", "/v1/audit")).json()) as { entries: object[] };
    expect(entries).toEqual([
      {
        id: expect.any(Number),
        at: new Date(NOW).toISOString(),
        actor: expect.stringMatching(/^key /),
        action: "erase",
        subject: "users",
        before: null,
        after: null,
        note: null,
      },
    ]);
  });

  it("makes whoever comes later under the same id somebody new", async () => {
    const { send, lines } = await server();
    await send("DELETE", path(ANNA));
    const late = message(50, { userId: ANNA });
    await send("POST", "/v1/batch", { batch: [late] });
    const found = await lines(ANNA);
    expect(found.map(({ record }) => record)).toEqual(["person", "event", "traits", "end"]);
    expect(found[0]).toMatchObject({ anonymousIds: [], accounts: [] });
  });

  it("erases somebody of whom only a state is kept, and tells who nobody is", async () => {
    const { send, deps } = await server();
    const write = { collection: "state", id: "carol", expected: 0, body: "{}" } as const;
    await deps.storage.writeDocument("production", write, NOW);
    expect(await (await send("DELETE", path("carol"))).json()).toEqual({
      events: 0,
      anonymousIds: 0,
      state: true,
    });
    for (const id of ["nobody", "\u0000"]) expect((await send("DELETE", path(id))).status).toBe(404);
  });

  it("stays within the environment of the key", async () => {
    const { send, lines } = await server();
    const other = { authorization: `Bearer ${OTHER_SECRET_KEY}` };
    expect((await send("DELETE", path(ANNA), undefined, other)).status).toBe(404);
    expect((await send("GET", path(ANNA, "/export"), undefined, other)).status).toBe(404);
    expect((await lines(ANNA)).at(-1)).toEqual({ record: "end", events: 6 });
  });
});
