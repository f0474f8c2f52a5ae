import { describe, expect, it } from "vitest";
import { createTestServer, NOW, PUBLIC_KEY, tooltip } from "./test-server.ts";
import { goodToken, installKeys } from "./user-token.ts";

/** PostgreSQL keeps no NUL in a text, and SQLite ends one at it. */
describe("NUL", () => {
  it.each([
    ["GET", "/v1/events?name=a%00", 400],
    ["GET", "/v1/events?user=a%00", 400],
    ["GET", "/v1/events?account=a%00", 400],
    ["GET", "/v1/audit?subject=a%00", 400],
    ["GET", "/v1/flows/a%00/versions", 404],
    ["POST", "/v1/flows/a%00/rollback", 404, { version: 1 }],
    ["DELETE", "/v1/schedules/a%00", 404],
    ["DELETE", "/v1/signing-keys/a%00", 404],
  ])("in an address is refused: %s %s", async (method, path, status, body?: object) => {
    const { send, reported } = createTestServer();
    expect((await send(method, path, body)).status).toBe(status);
    expect(reported).toEqual([]);
  });

  const later = new Date(NOW + 60_000).toISOString();
  it.each(["a\u0000b", "a\ud800b"])(
    "in a text that is kept is refused, and nothing is done: %j",
    async (text) => {
      const { send, reported } = createTestServer();
      await send("PUT", "/v1/flows/one", tooltip("one"));
      const before = await (await send("GET", "/v1/audit")).json();
      for (const [method, path, body] of [
        ["POST", "/v1/flows/one/publish", { note: text }],
        ["POST", "/v1/flows/one/publish", { note: text, at: later }],
        ["POST", "/v1/publish", { flows: ["one"], note: text }],
        ["POST", "/v1/flows/one/ask", { note: text }],
        ["POST", "/v1/apply", { publish: ["one"], note: text }],
        ["POST", "/v1/keys", { kind: "public", name: text }],
        ["PUT", "/v1/people/anna@example.com", { name: text, role: "author", password: "0123456789" }],
        ["POST", "/v1/session", { email: `${text}@example.com`, password: "0123456789" }],
      ] as const)
        expect([path, (await send(method, path, body)).status]).toEqual([path, 400]);
      expect(await (await send("GET", "/v1/audit")).json()).toEqual(before);
      expect(reported).toEqual([]);
    },
  );

  it("in a definition is refused: reports ask the store for the events that it names", async () => {
    const { send, reported } = createTestServer();
    const use = (event: string) => ({ name: "F", uses: [{ event }], activated: { count: 1, within: "14d" } });
    const refused = await send("PUT", "/v1/features/one", { id: "one", ...use("a\u0000b") });
    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({
      error: { details: { problems: [{ file: "features/one", path: "/uses/0/event" }] } },
    });
    const segment = { id: "three", where: { user: { "a/b": "\u0000" } } };
    expect(await (await send("PUT", "/v1/segments/three", segment)).json()).toMatchObject({
      error: { details: { problems: [{ file: "segments/three", path: "/where/user/a~1b" }] } },
    });
    const folder = { segments: [{ id: "two", name: "S", where: { user: { "a\u0000": "b" } } }] };
    expect((await send("POST", "/v1/apply", folder)).status).toBe(422);
    expect((await send("GET", "/v1/reports/activation")).status).toBe(200);
    expect(reported).toEqual([]);
  });

  it.each(["a\u0000b", ".."])("or dots alone in the name of a signed person are refused: %j", async (id) => {
    const { app, deps, reported } = createTestServer();
    await installKeys(deps.storage);
    const headers = { authorization: `Bearer ${goodToken(id)}` };
    expect((await app.request(`/v1/state?key=${PUBLIC_KEY}`, { headers })).status).toBe(401);
    expect(reported).toEqual([]);
  });
});
