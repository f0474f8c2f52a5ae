import { describe, expect, it } from "vitest";
import { createTestServer, NOW, OTHER_PUBLIC_KEY, PUBLIC_KEY, tooltip } from "./test-server.ts";
import { goodToken, installKeys, tokenOf } from "./user-token.ts";

interface Made {
  token: string;
  expiresAt: string;
  url?: string;
}
async function server(overrides: Parameters<typeof createTestServer>[0] = {}) {
  const test = createTestServer(overrides);
  const make = async (body: object) => {
    const response = await test.send("POST", "/v1/previews", body);
    expect(response.status).toBe(201);
    return (await response.json()) as Made;
  };
  const open = (token: string) =>
    test.app.request(`/v1/preview?key=${PUBLIC_KEY}&token=${encodeURIComponent(token)}`);
  return { ...test, make, open };
}

describe("a preview", () => {
  it("is the config with the draft in place of what is published, and the person to be", async () => {
    const { send, make, open } = await server();
    await send("PUT", "/v1/flows/first", tooltip("first", { name: "Published" }));
    await send("PUT", "/v1/flows/second", tooltip("second"));
    await send("POST", "/v1/publish", { flows: ["first", "second"] });
    await send("PUT", "/v1/flows/first", tooltip("first", { name: "Draft" }));
    const user = { id: "u1", traits: { plan: "pro" } };
    const { token, expiresAt, url } = await make({
      flow: "first",
      user,
      account: { id: "acme" },
      page: "https://app.example.com/reports?x=1",
    });
    expect(expiresAt).toBe("2026-11-20T13:00:00.000Z");
    expect(url).toBe(`https://app.example.com/reports?x=1#cairn-preview=${token}`);
    const response = await open(token);
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    const config = (await response.json()) as { flows: { id: string; name?: string; version?: number }[] };
    expect(config).toMatchObject({
      schemaVersion: 1,
      environment: "production",
      preview: { flow: "first", user, account: { id: "acme" }, expiresAt },
    });
    expect(config.flows.map(({ id, name, version }) => [id, name, version])).toEqual([
      ["second", undefined, 1],
      ["first", "Draft", undefined],
    ]);
    // What its author writes next is seen at the next look.
    await send("PUT", "/v1/flows/first", tooltip("first", { name: "Newer" }));
    expect(await (await open(token)).text()).toContain("Newer");
  });

  it("ends with the person, or the account, that it is shown as", async () => {
    const { send, make, open } = await server();
    await send("PUT", "/v1/flows/first", tooltip("first"));
    await send("POST", "/v1/group", { userId: "u1", groupId: "acme" });
    await send("POST", "/v1/track", { userId: "u2", event: "x" });
    const shown = {
      u1: { user: { id: "u1" } },
      u2: { user: { id: "u2" } },
      acme: { account: { id: "acme" } },
    };
    const [asU1, asU2, asAcme] = await Promise.all(
      Object.values(shown).map((who) => make({ flow: "first", ...who })),
    );
    const statuses = async () =>
      Promise.all([asU1, asU2, asAcme].map(async (one) => (await open(one?.token ?? "")).status));
    expect((await send("DELETE", "/v1/accounts/acme")).status).toBe(200);
    expect(await statuses()).toEqual([200, 200, 401]);
    expect((await send("DELETE", "/v1/users/u2")).status).toBe(200);
    expect(await statuses()).toEqual([200, 401, 401]);
  });

  it.each(["user", "account"])("ends with a %s of whom nothing else is kept", async (who) => {
    const { send, make, open } = await server();
    const { token } = await make({ flow: tooltip("new"), [who]: { id: "ghost", traits: { city: "Kazan" } } });
    expect((await send("DELETE", `/v1/${who}s/ghost`)).status).toBe(404);
    expect((await open(token)).status).toBe(401);
  });

  it("shows a flow that is stored nowhere, and that is valid", async () => {
    const { send, make, open } = await server();
    const { token } = await make({ flow: tooltip("new", { name: "Not stored" }) });
    expect(await (await open(token)).text()).toContain("Not stored");
    expect((await send("GET", "/v1/flows/new")).status).toBe(404);
    const bad = await send("POST", "/v1/previews", { flow: tooltip("new", { colour: "red" }) });
    expect(bad.status).toBe(422);
    for (const [flow, status] of [
      ["none", 404],
      [null, 422],
      [[], 422],
      [{}, 422],
      [7, 400],
      [undefined, 400],
    ] as const)
      expect([flow, (await send("POST", "/v1/previews", { flow })).status]).toEqual([flow, status]);
  });

  it("keeps what stands behind the # of a page", async () => {
    const { make } = await server();
    const { token, url } = await make({ flow: tooltip("new"), page: "https://app.example.com/#/reports" });
    expect(url).toBe(`https://app.example.com/#/reports&cairn-preview=${token}`);
  });

  it.each(["javascript:alert(1)", "/reports", "app.example.com", "data:text/html,x", "file:///etc/passwd"])(
    "is for no such page: %s",
    async (page) => {
      const { send } = await server();
      expect((await send("POST", "/v1/previews", { flow: tooltip("new"), page })).status).toBe(400);
    },
  );

  it("holds only an id in its token, and ends after an hour", async () => {
    let now = NOW;
    const { make, open } = await server({ now: () => now });
    const { token } = await make({ flow: tooltip("new", { name: "Canary" }), user: { id: "canary" } });
    const payload = Buffer.from(token.split(".")[1] ?? "", "base64url").toString();
    expect(Object.keys(JSON.parse(payload)).sort()).toEqual(["aud", "exp", "jti"]);
    expect(payload.toLowerCase()).not.toContain("canary");
    now += 3_599_000;
    expect((await open(token)).status).toBe(200);
    now += 1_000;
    const over = await open(token);
    expect([over.status, ((await over.json()) as { error: { code: string } }).error.code]).toEqual([
      401,
      "token_expired",
    ]);
  });

  it("opens with no token but its own", async () => {
    const { deps, make, open } = await server();
    await installKeys(deps.storage);
    const { token } = await make({ flow: tooltip("new") });
    const [header = "", payload = "", signature = ""] = token.split(".");
    const id = (JSON.parse(Buffer.from(payload, "base64url").toString()) as { jti: string }).jti;
    const exp = NOW / 1000 + 600;
    const claims = { jti: id, aud: "production", exp };
    const other = await make({ flow: tooltip("other") });
    const forged = [
      "",
      "x",
      `${header}.${payload}.`,
      `${header}.${payload}.${other.token.split(".")[2]}`,
      `${header}.${other.token.split(".")[1]}.${signature}`,
      tokenOf({ alg: "none", typ: "preview+jwt" }, claims, "x").replace(/[^.]*$/, ""),
      tokenOf({ alg: "HS256", typ: "preview+jwt" }, claims, ""),
      tokenOf({ alg: "HS256", typ: "preview+jwt" }, claims, "secret"),
      // A host's key for user tokens signs no previews.
      goodToken("u1", { jti: id }),
      tokenOf(
        { alg: "HS256", typ: "preview+jwt", kid: "ut_hs" },
        claims,
        "a-secret-of-32-characters-or-more",
      ),
    ];
    for (const one of forged) expect([one, (await open(one)).status]).toEqual([one, 401]);
    // Nor the other way round.
    const state = await deps.tokens.verify("production", token).then(
      () => "accepted",
      () => "refused",
    );
    expect(state).toBe("refused");
  });

  it("belongs to its environment", async () => {
    const { app, make } = await server();
    const { token } = await make({ flow: tooltip("new") });
    const elsewhere = await app.request(`/v1/preview?key=${OTHER_PUBLIC_KEY}&token=${token}`);
    expect(elsewhere.status).toBe(401);
  });
});
