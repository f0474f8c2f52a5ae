import { afterEach, describe, expect, it } from "vitest";
import { createKey, createLiveKeys, keptKeys, revokeKey } from "../src/access/kept-keys.ts";
import { standingKeys } from "../src/standing-keys.ts";
import { createMemoryStorage } from "../src/storage/memory/memory-storage.ts";
import { createTestServer, NOW, OTHER_SECRET_KEY, PUBLIC_KEY, SECRET_KEY, tooltip } from "./test-server.ts";
import { ED_KEY, ED_PRIVATE_PEM, ED_PUBLIC_PEM, edToken, goodToken } from "./user-token.ts";

interface Key {
  id: string;
  key: string;
  kind: string;
  name: string;
  scopes: string[];
  origins: string[];
  createdAt: string;
  expiresAt: string | null;
  revokedAt: string | null;
  lastUsedAt: string | null;
}
const MINUTE = 60_000;
const open: { dispose(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.dispose();
});

function server(now = () => NOW) {
  const test = createTestServer({ now });
  const make = async (body: object, key = SECRET_KEY) => {
    const response = await test.send("POST", "/v1/keys", body, { authorization: `Bearer ${key}` });
    return { status: response.status, ...((await response.json()) as Key) };
  };
  const list = async () => ((await (await test.send("GET", "/v1/keys")).json()) as { keys: Key[] }).keys;
  const status = async (method: string, path: string, key: string, body?: unknown, headers: object = {}) =>
    (await test.send(method, path, body, { authorization: `Bearer ${key}`, ...headers })).status;
  return { ...test, make, list, status };
}

describe("keys", () => {
  it("are told once, kept as hashes, listed, and open their environment alone", async () => {
    const { make, list, status, deps } = server();
    const made = await make({
      kind: "secret",
      name: "CI",
      scopes: ["definitions:read", "definitions:write"],
    });
    expect(made).toMatchObject({ status: 201, kind: "secret", name: "CI", expiresAt: null, revokedAt: null });
    expect(made.key).toMatch(/^sk_[\w-]{32}$/);
    const listed = await list();
    expect(JSON.stringify(listed)).not.toContain(made.key);
    expect(listed.map(({ id }) => id)).toEqual([made.id]);
    const kept = await deps.storage.documents("production", "key");
    expect(JSON.stringify(kept)).not.toContain(made.key.slice(3));
    expect(await status("PUT", "/v1/flows/first", made.key, tooltip("first"))).toBe(201);
    expect(await status("POST", "/v1/publish", made.key, { flows: ["first"] })).toBe(403);
    expect(await status("GET", "/v1/keys", made.key)).toBe(403);
    const elsewhere = server();
    expect(await elsewhere.status("GET", "/v1/flows", made.key)).toBe(401);
  });

  it("open nothing once they are revoked, and stay in the list", async () => {
    const { make, list, status, send } = server();
    const { id, key } = await make({ kind: "secret" });
    expect(await status("GET", "/v1/flows", key)).toBe(200);
    // Only from its own environment.
    expect(await status("DELETE", `/v1/keys/${id}`, OTHER_SECRET_KEY)).toBe(404);
    expect((await send("DELETE", `/v1/keys/${id}`)).status).toBe(204);
    expect(await status("GET", "/v1/flows", key)).toBe(401);
    expect((await list())[0]?.revokedAt).toBe("2026-11-20T12:00:00.000Z");
    expect((await send("DELETE", `/v1/keys/${id}`)).status).toBe(204);
    expect((await send("DELETE", "/v1/keys/none")).status).toBe(404);
  });

  it("open nothing from the moment that they expire", async () => {
    let now = NOW;
    const { make, status } = server(() => now);
    const { key } = await make({ kind: "secret", expiresAt: new Date(NOW + MINUTE).toISOString() });
    now += MINUTE - 1;
    expect(await status("GET", "/v1/flows", key)).toBe(200);
    now += 1;
    expect(await status("GET", "/v1/flows", key)).toBe(401);
  });

  it("give nobody more than they have", async () => {
    const { make } = server();
    const { key } = await make({ kind: "secret", scopes: ["keys:write", "events:read"] });
    expect((await make({ kind: "secret", scopes: ["publish"] }, key)).status).toBe(403);
    const child = await make({ kind: "secret" }, key);
    expect(child.scopes.sort()).toEqual(["events:read", "keys:write"]);
  });

  it.each([
    [{ kind: "other" }],
    [{ kind: "secret", scopes: ["everything"] }],
    [{ kind: "secret", scopes: [] }],
    [{ kind: "secret", origins: ["https://app.example.com"] }],
    [{ kind: "public", scopes: ["publish"] }],
    [{ kind: "public", origins: ["https://app.example.com/path"] }],
    [{ kind: "public", origins: ["*"] }],
    [{ kind: "public", expiresAt: "tomorrow" }],
    [{ kind: "public", environment: "demo" }],
  ])("are not made of this: %j", async (body) => {
    expect((await server().make(body)).status).toBe(400);
  });

  it("are made, listed and revoked for an environment that comes before, and never for one after", async () => {
    const { make, list, status, send } = server();
    for (const environment of ["development", "staging"] as const) {
      const { key, id, scopes, ...made } = await make({ kind: "secret", environment, name: "CI" });
      expect(made.status).toBe(201);
      // What reaches beyond the environment is given only to whom it is given by name.
      expect(scopes).not.toContain("keys:write");
      expect(scopes).not.toContain("metrics:read");
      expect(scopes).toContain("publish");
      expect(await status("PUT", "/v1/flows/first", key, tooltip("first"))).toBe(201);
      expect(await status("GET", "/v1/flows/first", SECRET_KEY)).toBe(404);
      const there = await send("GET", `/v1/keys?environment=${environment}`);
      expect(((await there.json()) as { keys: Key[] }).keys.map((one) => one.id)).toContain(id);
      expect(await list()).toEqual([]);
      expect((await send("DELETE", `/v1/keys/${id}`)).status).toBe(404);
      expect((await send("DELETE", `/v1/keys/${id}?environment=${environment}`)).status).toBe(204);
      expect(await status("GET", "/v1/flows", key)).toBe(401);
    }
    const all = { kind: "secret", environment: "staging", scopes: ["keys:write", "events:read"] };
    const { key: staging } = await make(all);
    for (const environment of ["production", "staging", "development"]) {
      const expected = environment === "production" ? 403 : 201;
      const body = { kind: "public", environment };
      expect([environment, (await make(body, staging)).status]).toEqual([environment, expected]);
      const signing = { alg: "HS256", environment };
      expect(await status("POST", "/v1/signing-keys", staging, signing)).toBe(expected);
      for (const path of ["keys", "signing-keys"])
        expect(await status("GET", `/v1/${path}?environment=${environment}`, staging)).toBe(
          expected === 201 ? 200 : 403,
        );
      for (const path of ["keys", "signing-keys"])
        expect(await status("DELETE", `/v1/${path}/none?environment=${environment}`, staging)).toBe(
          expected === 201 ? 404 : 403,
        );
    }
    // It gives away no more than it has there either.
    expect(
      (await make({ kind: "secret", environment: "development", scopes: ["publish"] }, staging)).status,
    ).toBe(403);
    const { key: keys } = await make({ kind: "secret", scopes: ["keys:write"] });
    expect((await make({ kind: "secret", environment: "staging" }, keys)).status).toBe(400);
  });

  it("for pages can be kept to some pages", async () => {
    const { make, app, send } = server();
    const { key } = await make({ kind: "public", origins: ["https://app.example.com"] });
    const config = async (origin?: string) =>
      (await app.request(`/v1/config?key=${key}`, { headers: origin === undefined ? {} : { origin } }))
        .status;
    expect(await config("https://app.example.com")).toBe(200);
    expect(await config()).toBe(200);
    for (const origin of [
      "https://evil.test",
      "https://app.example.com.evil.test",
      "http://app.example.com",
      "null",
    ])
      expect([origin, await config(origin)]).toEqual([origin, 403]);
    const varies = async (path: string, origin: string) =>
      (await app.request(path, { headers: { origin } })).headers.get("vary");
    expect(await varies(`/v1/config?key=${key}`, "https://app.example.com")).toBe("Accept-Encoding, Origin");
    expect(await varies(`/v1/config?key=${PUBLIC_KEY}`, "https://app.example.com")).toBe("Accept-Encoding");
    const batch = (origin: string) =>
      app.request("/v1/batch", {
        method: "POST",
        headers: { origin },
        body: JSON.stringify({ writeKey: key, batch: [] }),
      });
    const refused = await batch("https://evil.test");
    expect(refused.status).toBe(403);
    expect(refused.headers.get("access-control-allow-origin")).toBe("*");
    expect((await batch("https://app.example.com")).status).toBe(200);
    // The settings narrow every key of the environment.
    await send("PUT", "/v1/settings", { origins: ["https://other.example.com"] });
    expect(await config("https://app.example.com")).toBe(403);
    expect(await config("https://other.example.com")).toBe(403);
  });

  it("know when they were last used, to the minute", async () => {
    let now = NOW;
    const { make, list, status, deps } = server(() => now);
    const { id, key } = await make({ kind: "secret" });
    const lastUsed = async () => {
      await deps.reloadKeys();
      return (await list()).find((one) => one.id === id)?.lastUsedAt;
    };
    expect(await lastUsed()).toBeNull();
    now += 1_000;
    await status("GET", "/v1/flows", key);
    expect(await lastUsed()).toBe("2026-11-20T12:00:01.000Z");
    now += 30_000;
    await status("GET", "/v1/flows", key);
    expect(await lastUsed()).toBe("2026-11-20T12:00:01.000Z");
    now += 30_000;
    await status("GET", "/v1/flows", key);
    expect(await lastUsed()).toBe("2026-11-20T12:01:01.000Z");
  });

  it("know a use that came while those of others were being written down", async () => {
    const stored = createMemoryStorage();
    let meanwhile = () => {};
    const storage: typeof stored = {
      ...stored,
      document: async (...asked) => {
        meanwhile();
        return await stored.document(...asked);
      },
    };
    const ports = { storage, now: () => NOW };
    const entry = () => ({ actor: "a", action: "b", subject: "c", before: null, after: null, note: null });
    const make = () => createKey(ports, { kind: "secret", environment: "production" }, entry);
    const both = [await make(), await make()] as const;
    const [first, second] = both[0].record.hash < both[1].record.hash ? both : [both[1], both[0]];
    const keys = createLiveKeys({ ...ports, demo: false });
    open.push(keys);
    await keys.reload();
    keys.keyring(second.key);
    // The first one's turn was before.
    meanwhile = () => void keys.keyring(first.key);
    await keys.reload();
    meanwhile = () => {};
    await keys.reload();
    const kept = await keptKeys(storage, "production");
    expect(kept.map(({ lastUsedAt }) => lastUsedAt)).toEqual([NOW, NOW]);
  });

  it("stay revoked, and open nothing, where others are reading keys at the same moment", async () => {
    const entry = () => ({
      actor: "a",
      action: "b",
      subject: "c",
      before: null,
      after: null,
      note: null,
    });
    const stored = createMemoryStorage();
    // What is done while keys are being read again, after they were read and before that is of use.
    let meanwhile = async () => {};
    const storage = {
      ...stored,
      definitions: async (environment: string) => {
        await meanwhile();
        return await stored.definitions(environment);
      },
    };
    const ports = { storage, now: () => NOW };
    const make = () => createKey(ports, { kind: "secret", environment: "production" }, entry);
    const revoke = (id: string) => revokeKey(ports, "production", id, entry);
    const [noted, read] = [await make(), await make()];
    const keys = createLiveKeys({ ...ports, demo: false });
    open.push(keys);
    await keys.reload();

    // Its last use is noted, upon what it was before.
    keys.keyring(noted.key);
    meanwhile = async () => {
      meanwhile = async () => {};
      await revoke(noted.record.id);
    };
    await keys.reload();
    const kept = (await keptKeys(storage, "production")).find(({ id }) => id === noted.record.id);
    expect(kept).toMatchObject({ revokedAt: NOW, lastUsedAt: NOW });

    // A slow reader ends after the one that the revocation waits for.
    let goOn = () => {};
    meanwhile = () => {
      meanwhile = async () => {};
      return new Promise((resolve) => {
        goOn = resolve;
      });
    };
    const slow = keys.reload();
    await new Promise(setImmediate);
    await revoke(read.record.id);
    const after = keys.reload();
    await new Promise(setImmediate);
    goOn();
    await Promise.all([slow, after]);
    expect([noted.key, read.key].map(keys.keyring)).toEqual([undefined, undefined]);
  });

  it("of a store are taken up by another process", async () => {
    const storage = createMemoryStorage();
    const told: string[] = [];
    await standingKeys(storage, { onNewKeys: ({ secretKey }) => told.push(secretKey) }, NOW);
    const keys = createLiveKeys({ storage, now: () => NOW, demo: false });
    open.push(keys);
    expect(keys.keyring(told[0] ?? "")).toBeUndefined();
    await keys.reload();
    expect(keys.keyring(told[0] ?? "")).toMatchObject({ kind: "secret", environment: "production" });
    // Nothing new is made at the next start.
    await standingKeys(storage, { onNewKeys: ({ secretKey }) => told.push(secretKey) }, NOW);
    expect(told).toHaveLength(1);
  });

  it("from before there were scopes have all of them, and can be revoked", async () => {
    const storage = createMemoryStorage();
    const { hashKey } = await import("../src/keys.ts");
    const key = "sk_from_before_0123456789";
    await storage.addKey({ hash: hashKey(key), kind: "secret", environment: "production", createdAt: 1 });
    const test = createTestServer({ storage });
    await test.deps.reloadKeys();
    const ask = (path: string, method = "GET") =>
      test.send(method, path, undefined, { authorization: `Bearer ${key}` });
    const { keys } = (await (await ask("/v1/keys")).json()) as { keys: Key[] };
    expect(keys[0]?.scopes).toContain("publish");
    expect((await ask(`/v1/keys/${keys[0]?.id}`, "DELETE")).status).toBe(204);
    expect((await ask("/v1/keys")).status).toBe(401);
  });

  it("leave a line in the audit log, without a word of the key", async () => {
    const { make, send } = server();
    const { id, key } = await make({ kind: "secret", name: "CI" });
    await send("DELETE", `/v1/keys/${id}`);
    const text = await (await send("GET", "/v1/audit")).text();
    const { entries } = JSON.parse(text) as {
      entries: { action: string; subject: string; actor: string; note: string | null }[];
    };
    expect(entries.map(({ action, subject, note }) => [action, subject, note])).toEqual([
      ["revoke", `keys/${id}`, null],
      ["create", `keys/${id}`, "secret CI"],
    ]);
    expect(entries[0]?.actor).toMatch(/^key [0-9a-f]{8}$/);
    expect(text).not.toContain(key.slice(3));
  });
});

describe("signing keys", () => {
  const add = async (test: ReturnType<typeof server>, body: object) => {
    const response = await test.send("POST", "/v1/signing-keys", body);
    return {
      status: response.status,
      ...((await response.json()) as { kid: string; secret?: string; error?: { message: string } }),
    };
  };

  it("can be two at once, so that a host can go over from one to the next", async () => {
    const test = server();
    const first = await add(test, { alg: "HS256" });
    const second = await add(test, { alg: "EdDSA", publicKey: ED_PUBLIC_PEM });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(first.secret).toMatch(/^[\w-]{43}$/);
    expect(second.secret).toBeUndefined();
    expect((await add(test, { alg: "HS256" })).status).toBe(409);
    expect((await test.send("DELETE", `/v1/signing-keys/${first.kid}`)).status).toBe(204);
    expect((await add(test, { alg: "HS256" })).status).toBe(201);
    const listed = await (await test.send("GET", "/v1/signing-keys")).text();
    expect(listed).toContain(second.kid);
    expect(listed).not.toMatch(/secret|publicKey/);
    expect((await test.send("DELETE", `/v1/signing-keys/${first.kid}`)).status).toBe(404);
  });

  it("are never more than two, though many are asked for at the same moment", async () => {
    const test = server();
    const asked = await Promise.all(Array.from({ length: 5 }, () => add(test, { alg: "HS256" })));
    const kept = await test.deps.storage.documents("production", "signing-key");
    expect(kept.length).toBeLessThanOrEqual(2);
    const told = asked.filter(({ status }) => status === 201).map(({ kid }) => kid);
    expect(kept.map(({ id }) => id).sort()).toEqual(told.sort());
  });

  it("verify what a host signs with them, from the moment they are there until they are gone", async () => {
    const test = server();
    const { kid, secret = "" } = await add(test, { alg: "HS256" });
    const { tokenOf, claims } = await import("./user-token.ts");
    const token = tokenOf({ alg: "HS256", kid }, claims("u1"), secret);
    const verify = () =>
      test.deps.tokens.verify("production", token).then(
        ({ userId }) => userId,
        () => "refused",
      );
    expect(await verify()).toBe("u1");
    await test.send("DELETE", `/v1/signing-keys/${kid}`);
    expect(await verify()).toBe("refused");
    expect(await test.deps.tokens.verify("production", goodToken("u1")).catch(() => "refused")).toBe(
      "refused",
    );
    expect(await test.deps.tokens.verify("production", edToken("u1")).catch(() => "refused")).toBe("refused");
  });

  it("for EdDSA are public ones, and nothing else", async () => {
    const test = server();
    const jwk = JSON.stringify(ED_KEY.publicKey);
    expect((await add(test, { alg: "EdDSA", publicKey: jwk })).status).toBe(201);
    const { error } = await add(test, { alg: "EdDSA", publicKey: ED_PRIVATE_PEM });
    expect(error?.message).toContain("private key");
    for (const publicKey of [
      undefined,
      "",
      "x",
      "{}",
      jwk.replace("}", ',"d":"AAAA"}'),
      jwk.replace("Ed25519", "X25519"),
    ])
      expect([publicKey, (await add(test, { alg: "EdDSA", publicKey })).status]).toEqual([publicKey, 400]);
    expect((await add(test, { alg: "RS256" })).status).toBe(400);
  });
});
