import { describe, expect, it } from "vitest";
import { createTestServer, NOW, OTHER_SECRET_KEY } from "./test-server.ts";

const at = (minute: number) => new Date(NOW - (100 - minute) * 60_000).toISOString();
let made = 0;
const message = (minute: number, more: object) => ({
  type: "track",
  event: "report.viewed",
  messageId: `accounts-${++made}`,
  timestamp: at(minute),
  ...more,
});
const ACME = "acme/1";
const CANARY = "canary-of-acme";
const path = (id: string, more = "") => `/v1/accounts/${encodeURIComponent(id)}${more}`;
const context = { groupId: ACME };

/** Anna, who is nowhere else; Boris, who also works for another company; and somebody whom nobody knows. */
async function server() {
  const test = createTestServer();
  const { send, deps } = test;
  const sent = [
    message(1, { type: "group", userId: "anna", groupId: ACME, traits: { name: CANARY, seats: 1 } }),
    message(2, { userId: "anna", context, properties: { text: CANARY } }),
    message(3, { type: "page", anonymousId: "device", context, properties: { path: `/p/${CANARY}` } }),
    message(4, { type: "group", userId: "boris", groupId: ACME, traits: { seats: 2 } }),
    message(5, { userId: "boris", context: { groupId: "globex" } }),
    message(6, { type: "identify", userId: "boris", traits: { role: "admin" } }),
  ];
  expect(await (await send("POST", "/v1/batch", { batch: sent })).json()).toMatchObject({ accepted: 6 });
  for (const id of ["anna", "boris"])
    await deps.storage.writeDocument(
      "production",
      { collection: "state", id, expected: 0, body: JSON.stringify({ runs: id }) },
      NOW,
    );
  const lines = async (id: string) => {
    const response = await send("GET", path(id, "/export"));
    expect(response.status).toBe(200);
    expect(response.headers.get("Cache-Control")).toBe("no-store");
    const text = await response.text();
    return text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { readonly record: string; readonly [field: string]: unknown });
  };
  return { ...test, sent, lines };
}

describe("GET /v1/accounts/{id}/export", () => {
  it("hands out all that was sent in an account's name, and nothing else", async () => {
    const { lines, sent } = await server();
    const found = await lines(ACME);
    expect(found[0]).toEqual({
      record: "account",
      id: ACME,
      environment: "production",
      exportedAt: new Date(NOW).toISOString(),
      users: ["anna", "boris"],
    });
    expect(found[1]).toMatchObject({ record: "state", userId: "anna", state: { runs: "anna" } });
    expect(found.slice(2, 6).map(({ message }) => message)).toEqual(sent.slice(0, 4));
    expect(found.slice(6)).toEqual([
      { record: "traits", traits: { name: CANARY, seats: 2 } },
      { record: "end", events: 4 },
    ]);
  });
});

describe("DELETE /v1/accounts/{id}", () => {
  it("leaves nothing of an account in any answer, and what its people did elsewhere as it was", async () => {
    const { send, sent, deps } = await server();
    const response = await send("DELETE", path(ACME));
    expect([response.status, await response.json()]).toEqual([200, { events: 4, users: 2, states: 1 }]);
    for (const route of ["/v1/events", "/v1/catalog", "/v1/reports/decisions", "/v1/audit"]) {
      const answer = await (await send("GET", route)).text();
      expect([route, answer.includes(CANARY), answer.includes(ACME)]).toEqual([route, false, false]);
    }
    const left = (await (await send("GET", "/v1/events")).text()).trim().split("\n");
    expect(left.map((line) => (JSON.parse(line) as { messageId: string }).messageId)).toEqual(
      sent.slice(4).map(({ messageId }) => messageId),
    );
    expect(await deps.storage.document("production", "state", "anna")).toBeUndefined();
    expect(await deps.storage.document("production", "state", "boris")).toBeDefined();
    for (const [method, more] of [
      ["GET", "/export"],
      ["DELETE", ""],
    ] as const)
      expect((await send(method, path(ACME, more))).status).toBe(404);
  });

  it("writes down who did it, and not to whom", async () => {
    const { send } = await server();
    await send("DELETE", path(ACME));
    const { entries } = (await (await send("GET", "/v1/audit")).json()) as { entries: object[] };
    expect(entries).toMatchObject([
      { actor: expect.stringMatching(/^key /), action: "erase", subject: "accounts", note: null },
    ]);
  });

  it("knows only the environment of the key, and tells what nobody sent", async () => {
    const { send, lines } = await server();
    const other = { authorization: `Bearer ${OTHER_SECRET_KEY}` };
    expect((await send("DELETE", path(ACME), undefined, other)).status).toBe(404);
    expect((await send("GET", path(ACME, "/export"), undefined, other)).status).toBe(404);
    for (const id of ["nobody", "\u0000", "anna"]) expect((await send("DELETE", path(id))).status).toBe(404);
    expect((await lines(ACME)).at(-1)).toEqual({ record: "end", events: 4 });
  });
});
