import { describe, expect, it } from "vitest";
import { checkPassword, storePassword } from "../src/access/passwords.ts";
import { putPerson, removePerson, type StudioPerson, signIn } from "../src/access/studio-people.ts";
import { createMemoryStorage } from "../src/storage/memory/memory-storage.ts";
import { createTestServer, NOW, SECRET_KEY, tooltip } from "./test-server.ts";

const PASSWORD = "correct horse battery";
const HOUR = 3_600_000;

async function server() {
  let now = NOW;
  const test = createTestServer({ now: () => now });
  const put = (email: string, body: object) => test.send("PUT", `/v1/people/${email}`, body);
  await put("anna@example.com", { role: "author", password: PASSWORD, name: "Anna" });
  await put("Boris@Example.com", { role: "publisher", password: PASSWORD });
  const signIn = (email: string, password: string, headers: Record<string, string> = {}) =>
    test.app.request("/v1/session", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify({ email, password }),
    });
  const enter = async (email: string) => {
    const response = await signIn(email, PASSWORD);
    expect(response.status).toBe(200);
    const { csrf } = (await response.json()) as { csrf: string };
    const cookie = (response.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    const ask = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
      await test.app.request(path, {
        method,
        headers: {
          cookie,
          "x-csrf-token": csrf,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    return { ask, csrf, cookie };
  };
  return { ...test, put, signIn, enter, pass: (ms: number) => (now += ms) };
}

describe("signing in", () => {
  it("opens the studio with a cookie that no script and no other site can use", async () => {
    const { signIn, enter } = await server();
    const response = await signIn(" ANNA@example.com", PASSWORD);
    expect(await response.json()).toMatchObject({
      email: "anna@example.com",
      name: "Anna",
      role: "author",
      environments: ["development", "staging", "production"],
      expiresAt: "2026-11-21T00:00:00.000Z",
    });
    const cookie = response.headers.get("set-cookie") ?? "";
    expect(cookie).toMatch(/^cairn_session=[\w-]{43}; Max-Age=43200; Path=\/v1; HttpOnly; SameSite=Lax$/);
    const { ask } = await enter("anna@example.com");
    expect(await (await ask("GET", "/v1/session")).json()).toMatchObject({ email: "anna@example.com" });
    expect((await ask("GET", "/v1/flows")).status).toBe(200);
  });

  it("keeps the cookie to https where it is there", async () => {
    const { app } = await server();
    const response = await app.request("https://cairn.example.com/v1/session", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ email: "anna@example.com", password: PASSWORD }),
    });
    expect(response.headers.get("set-cookie")).toContain("; Secure");
  });

  it("says the same, in about the same time, whoever is wrong", async () => {
    const { signIn } = await server();
    const answers: string[] = [];
    for (const [email, password] of [
      ["anna@example.com", "wrong"],
      ["nobody@example.com", PASSWORD],
      ["", ""],
      ["anna@example.com", ""],
    ] as const) {
      const response = await signIn(email, password);
      expect(response.status).toBe(401);
      expect(response.headers.get("set-cookie")).toBeNull();
      answers.push(await response.text());
    }
    expect(new Set(answers).size).toBe(1);
  });

  it("lets nobody guess for long, of whatever password", async () => {
    const { signIn, pass } = await server();
    const tries: number[] = [];
    for (let i = 0; i < 12; i++) tries.push((await signIn("anna@example.com", `wrong ${i}`)).status);
    expect(tries.filter((status) => status === 401)).toHaveLength(10);
    const held = await signIn("anna@example.com", PASSWORD);
    expect([held.status, held.headers.get("retry-after")]).toEqual([429, "120"]);
    pass(4 * 60_000);
    expect((await signIn("anna@example.com", PASSWORD)).status).toBe(200);
  });

  it("counts wrong passwords alone, and of a person not those that somebody tries elsewhere", async () => {
    let peer = "10.0.0.1";
    const test = createTestServer({ peer: () => peer });
    await test.send("PUT", "/v1/people/anna@example.com", { role: "author", password: PASSWORD });
    const signIn = async (password: string, email = "anna@example.com") =>
      (
        await test.app.request("/v1/session", {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ email, password }),
        })
      ).status;
    const right: number[] = [];
    for (let i = 0; i < 12; i++) right.push(await signIn(PASSWORD));
    expect(new Set(right)).toEqual(new Set([200]));
    // All at once: exactly ten are looked at, whoever they are about.
    const wrong = await Promise.all(
      Array.from({ length: 12 }, (_, i) =>
        signIn(`wrong ${i}`, i % 2 ? "anna@example.com" : `${i}@example.com`),
      ),
    );
    expect(wrong.filter((status) => status === 401)).toHaveLength(10);
    expect(wrong.filter((status) => status === 429)).toHaveLength(2);
    expect(await signIn(PASSWORD)).toBe(429);
    peer = "10.0.0.2";
    expect(await signIn(PASSWORD)).toBe(200);
    // Who has many addresses finds no password with them either.
    const { signInAnywhere } = test.deps.limits;
    while (signInAnywhere.take("anna@example.com") === 0);
    expect(await signIn(PASSWORD)).toBe(429);
    // That was no guess of this address.
    expect(await signIn("wrong", "boris@example.com")).toBe(401);
  });

  it("ends after twelve hours, by signing out, with another password, and with the person", async () => {
    const test = await server();
    const status = async (ask: Awaited<ReturnType<typeof test.enter>>["ask"]) =>
      (await ask("GET", "/v1/flows")).status;
    const first = await test.enter("anna@example.com");
    const second = await test.enter("anna@example.com");
    expect((await first.ask("DELETE", "/v1/session")).headers.get("set-cookie")).toContain("Max-Age=0");
    expect([await status(first.ask), await status(second.ask)]).toEqual([401, 200]);
    await test.put("anna@example.com", { role: "author", password: `${PASSWORD}!` });
    expect(await status(second.ask)).toBe(401);
    const boris = await test.enter("boris@example.com");
    test.pass(12 * HOUR - 1);
    expect(await status(boris.ask)).toBe(200);
    test.pass(1);
    expect(await status(boris.ask)).toBe(401);
    const again = await test.enter("boris@example.com");
    expect((await test.send("DELETE", "/v1/people/boris@example.com")).status).toBe(204);
    expect(await status(again.ask)).toBe(401);
    expect((await test.signIn("boris@example.com", PASSWORD)).status).toBe(401);
  });

  it("changes nothing for a page of another origin", async () => {
    const { enter, signIn } = await server();
    const { ask, csrf } = await enter("anna@example.com");
    const put = async (headers: Record<string, string>) =>
      (await ask("PUT", "/v1/flows/a", tooltip("a"), headers)).status;
    expect(await put({ "x-csrf-token": "" })).toBe(403);
    expect(await put({ "x-csrf-token": `${csrf.slice(1)}x` })).toBe(403);
    expect(await put({ origin: "https://evil.test" })).toBe(403);
    expect((await ask("DELETE", "/v1/session", undefined, { "x-csrf-token": "" })).status).toBe(403);
    expect((await signIn("anna@example.com", PASSWORD, { origin: "https://evil.test" })).status).toBe(403);
    expect(await put({ origin: "http://localhost" })).toBe(201);
    // A form of another site cannot send JSON.
    const { app } = await server();
    const form = await app.request("/v1/session", {
      method: "POST",
      headers: { "content-type": "text/plain" },
      body: JSON.stringify({ email: "anna@example.com", password: PASSWORD }),
    });
    expect(form.status).toBeGreaterThanOrEqual(400);
  });
});

describe("people of the studio", () => {
  it("write where they are, and only there", async () => {
    const { enter } = await server();
    const { ask } = await enter("anna@example.com");
    expect((await ask("PUT", "/v1/flows/a", tooltip("a"), { "x-cairn-environment": "staging" })).status).toBe(
      201,
    );
    expect((await ask("GET", "/v1/flows/a")).status).toBe(404);
    expect((await ask("GET", "/v1/flows/a", undefined, { "x-cairn-environment": "staging" })).status).toBe(
      200,
    );
    for (const environment of ["demo", "*", "", "Production"])
      expect([
        environment,
        (await ask("GET", "/v1/flows", undefined, { "x-cairn-environment": environment })).status,
      ]).toEqual([environment, 400]);
  });

  it("need each other for what can hurt, and the log knows who it was", async () => {
    const { enter, send } = await server();
    const [anna, boris] = [await enter("anna@example.com"), await enter("boris@example.com")];
    await boris.ask("PUT", "/v1/flows/a", tooltip("a", { critical: true }));
    expect((await anna.ask("POST", "/v1/flows/a/publish", {})).status).toBe(403);
    const alone = await boris.ask("POST", "/v1/flows/a/publish", {});
    expect(alone.status).toBe(409);
    expect(await alone.json()).toMatchObject({
      error: { code: "needs-approval", details: { flows: [{ flow: "a" }] } },
    });
    await anna.ask("PUT", "/v1/flows/a", tooltip("a", { critical: true, name: "Anna's" }));
    expect((await boris.ask("POST", "/v1/flows/a/publish", {})).status).toBe(200);
    const { entries } = (await (await send("GET", "/v1/audit")).json()) as {
      entries: { actor: string; action: string }[];
    };
    expect(entries.map(({ actor, action }) => `${actor} ${action}`)).toEqual([
      "boris@example.com publish",
      "anna@example.com put",
      "boris@example.com put",
    ]);
  });

  it("are listed and written down without their passwords", async () => {
    const { send, put, deps } = await server();
    const people = await (await send("GET", "/v1/people")).text();
    expect(JSON.parse(people)).toMatchObject({
      people: [
        { email: "anna@example.com", role: "author" },
        { email: "boris@example.com", role: "publisher" },
      ],
    });
    expect(people).not.toMatch(/hash|salt|stamp|horse/);
    await put("anna@example.com", { role: "publisher" });
    const log = await (await send("GET", "/v1/audit?of=server")).text();
    expect(JSON.parse(log)).toMatchObject({
      entries: [
        { action: "put", subject: "people/anna@example.com", note: "publisher" },
        { action: "create" },
        { action: "create" },
      ],
    });
    expect(JSON.stringify(await deps.storage.documents("*", "person"))).not.toContain("horse");
  });

  it.each([
    ["anna@example.com", { role: "admin" }],
    ["anna@example.com", { role: "author", password: "short" }],
    ["new@example.com", { role: "author" }],
    ["no-address", { role: "author", password: PASSWORD }],
  ])("are not let in like this: %s %j", async (email, body) => {
    expect((await (await server()).put(email, body)).status).toBe(400);
  });

  it("are not said to be out where they were changed at the same moment", async () => {
    const memory = createMemoryStorage();
    const { deps } = createTestServer({ storage: memory });
    const entry = () => ({ actor: "a", action: "b", subject: "c", before: null, after: null, note: null });
    const password = PASSWORD;
    await putPerson(deps, { email: "anna@example.com", role: "author", password }, entry);
    const meanwhile: typeof deps.storage.document = async (...asked) => {
      const found = await deps.storage.document(...asked);
      await putPerson(deps, { email: "anna@example.com", role: "publisher" }, entry);
      return found;
    };
    const ports = { now: deps.now, storage: { ...memory, document: meanwhile } };
    await expect(removePerson(ports, "anna@example.com", entry)).rejects.toThrow("at the same moment");
  });

  it("are the business of whoever holds the keys", async () => {
    const { enter, send } = await server();
    const { ask } = await enter("boris@example.com");
    for (const path of ["/v1/people", "/v1/keys", "/v1/signing-keys", "/v1/audit?of=server"])
      expect([path, (await ask("GET", path)).status]).toEqual([path, 403]);
    expect(
      (await send("GET", "/v1/people", undefined, { authorization: `Bearer ${SECRET_KEY}` })).status,
    ).toBe(200);
  });
});

describe("a password", () => {
  it("costs whoever guesses 32 MB, unless a test says otherwise", async () => {
    const costOf = async (passwordCost?: number) => {
      const { deps, send } = createTestServer({ passwordCost });
      await send("PUT", "/v1/people/anna@example.com", { role: "author", password: PASSWORD });
      const [row] = await deps.storage.documents("*", "person");
      return (JSON.parse(row?.body ?? "") as StudioPerson).password.cost;
    };
    expect(await costOf()).toBe(15);
    expect(await costOf(3)).toBe(3);
  });

  it("is hashed for whoever may be somebody, and for nobody else", async () => {
    // At no cost nothing can be hashed.
    const { deps } = createTestServer({ passwordCost: 0 });
    expect(await signIn(deps, "nobody", PASSWORD)).toBe(undefined);
    await expect(signIn(deps, "nobody@example.com", PASSWORD)).rejects.toThrow();
  });

  it("is the same in every way to write its letters, and no other", async () => {
    const stored = await storePassword("Café № 1 😀 long", 10);
    expect(await checkPassword("Cafe\u0301 No 1 😀 long", stored)).toBe(true);
    expect(await checkPassword("cafe No 1 😀 long", stored)).toBe(false);
    expect(await checkPassword("", { ...stored, hash: "" })).toBe(false);
    expect((await storePassword("Café № 1 😀 long", 10)).hash).not.toBe(stored.hash);
  });
});

describe("between an author and whoever publishes", () => {
  const at = new Date(NOW).toISOString();
  const reviewOf = async (ask: (method: string, path: string) => Promise<Response>) =>
    (await (await ask("GET", "/v1/flows/a/review")).json()) as Record<string, unknown>;
  const listed = async (ask: (method: string, path: string) => Promise<Response>) =>
    ((await (await ask("GET", "/v1/flows")).json()) as { flows: { review: string | null }[] }).flows[0]
      ?.review;

  it("is asked, sent back with a reason, asked again, approved and published", async () => {
    const { enter } = await server();
    const { ask: anna } = await enter("anna@example.com");
    const { ask: boris } = await enter("boris@example.com");
    await anna("PUT", "/v1/flows/a", tooltip("a"));
    expect(await reviewOf(anna)).toEqual({
      needed: "everyone",
      writer: "anna@example.com",
      approvedBy: [],
      asked: null,
      sentBack: null,
      enough: false,
    });
    expect((await boris("POST", "/v1/flows/a/send-back", { note: "why?" })).status).toBe(409);
    expect((await anna("POST", "/v1/flows/a/ask", { note: "For the sale" })).status).toBe(204);
    expect(await listed(boris)).toBe("asked");
    expect(await reviewOf(boris)).toMatchObject({
      asked: { by: "anna@example.com", at, note: "For the sale" },
      enough: true,
    });
    expect((await anna("POST", "/v1/flows/a/send-back", {})).status).toBe(403);
    expect((await boris("POST", "/v1/flows/a/send-back", { note: "Too loud" })).status).toBe(204);
    expect(await listed(anna)).toBe("sent-back");
    const sentBack = { by: "boris@example.com", at, note: "Too loud" };
    expect(await reviewOf(anna)).toMatchObject({ asked: null, sentBack });
    // The reason stays in sight while the draft is mended.
    await anna("PUT", "/v1/flows/a", tooltip("a", { name: "Quieter" }));
    expect(await reviewOf(anna)).toMatchObject({ asked: null, sentBack });
    expect((await anna("POST", "/v1/flows/a/ask")).status).toBe(204);
    expect(await reviewOf(boris)).toMatchObject({ asked: { note: null }, sentBack: null });
    await boris("POST", "/v1/flows/a/approve");
    expect(await reviewOf(anna)).toMatchObject({ approvedBy: ["boris@example.com"], enough: true });
    expect((await boris("POST", "/v1/flows/a/publish")).status).toBe(200);
    expect(await listed(boris)).toBe(null);
    expect(await reviewOf(boris)).toMatchObject({ asked: null, sentBack: null, approvedBy: [] });
    const { entries } = (await (await boris("GET", "/v1/audit?subject=flows/a")).json()) as {
      entries: { action: string; note: string | null }[];
    };
    const told = entries.map(({ action, note }) => (note === null ? action : `${action}: ${note}`));
    expect(told).toEqual([
      "publish",
      "approve",
      "ask",
      "put",
      "send-back: Too loud",
      "ask: For the sale",
      "put",
    ]);
  });

  it("is over with every change of the draft: what was asked and approved was another", async () => {
    const { enter } = await server();
    const { ask: anna } = await enter("anna@example.com");
    const { ask: boris } = await enter("boris@example.com");
    await boris("PUT", "/v1/flows/a", tooltip("a"));
    await anna("POST", "/v1/flows/a/ask", {});
    await boris("PUT", "/v1/flows/a", tooltip("a", { name: "Two" }));
    expect(await listed(anna)).toBe(null);
    expect(await reviewOf(boris)).toMatchObject({ asked: null, approvedBy: [], enough: false });
    expect((await boris("POST", "/v1/flows/a/publish")).status).toBe(409);
  });
});
