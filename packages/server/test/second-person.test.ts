import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type { Role } from "../src/access/scopes.ts";
import { isEveryone } from "../src/definitions/everyone.ts";
import { runDueSchedules } from "../src/definitions/schedules.ts";
import { createTestServer, NOW, tooltip } from "./test-server.ts";

const PRO = { user: { plan: "pro" } };
const NOBODY_LEFT_OUT = { not: { user: { nope: "zzz" } } };

/** A server where people are signed in, without what it costs to check a password. */
async function server(now = () => NOW) {
  const test = createTestServer({ now });
  const enter = async (name: string, role: Role) => {
    const email = `${name}@example.com`;
    const person = {
      email,
      name,
      role,
      password: { salt: "", hash: "", cost: 15 },
      createdAt: NOW,
      stamp: role,
    };
    const keep = (collection: "person" | "session", id: string, body: object) =>
      test.deps.storage.writeDocument("*", { collection, id, expected: 0, body: JSON.stringify(body) }, NOW);
    await keep("person", email, person);
    const session = { email, stamp: role, csrf: "csrf", expiresAt: NOW + 1_000 };
    await keep("session", createHash("sha256").update(name).digest("hex"), session);
    return async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
      const response = await test.app.request(path, {
        method,
        headers: {
          cookie: `cairn_session=${name}`,
          "x-csrf-token": "csrf",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      const { error } = (text === "" ? {} : JSON.parse(text)) as {
        error?: { code: string; message: string };
      };
      return { status: response.status, code: error?.code, message: error?.message };
    };
  };
  const anna = await enter("anna", "author");
  const boris = await enter("boris", "publisher");
  const clara = await enter("clara", "publisher");
  return { ...test, anna, boris, clara };
}

describe("an audience", () => {
  const segments = [
    { id: "pro", where: PRO },
    { id: "all", where: NOBODY_LEFT_OUT },
  ];
  const feature = {
    id: "open",
    name: "F",
    level: "user",
    uses: [{ event: "e" }],
    activated: { count: 1, within: "14d" },
  };
  const features = [feature, { ...feature, id: "paid", availableTo: PRO }];
  const everyone = (audience: unknown) => isEveryone(audience as never, { segments, features } as never);
  const leaving = [
    PRO,
    { any: [] },
    { segment: "pro" },
    { segment: "none" },
    { not: { segment: "all" } },
    { event: "e" },
    { event: "e", atLeast: 1 },
    { event: "e", exactly: 2 },
    { feature: "open", is: "tried" },
    { feature: "paid", is: "untried" },
    { flow: "a", is: "completed" },
    { account: { plan: "trial" } },
    { all: [NOBODY_LEFT_OUT, PRO] },
    { all: [{ time: { from: "2020-01-01" } }, PRO] },
    { page: "/reports" },
    { locale: ["de"] },
  ];
  const leavingNobody = [
    null,
    undefined,
    { all: [] },
    { all: [{ all: [] }] },
    NOBODY_LEFT_OUT,
    { user: { id: { $ne: "q" } } },
    { user: { $nor: [{ plan: "x" }] } },
    { user: {} },
    { user: { plan: { $exists: false } } },
    { any: [PRO, { not: PRO }] },
    { segment: "all" },
    { not: { segment: "pro" } },
    { not: { not: { segment: "all" } } },
    { event: "e", atMost: 5 },
    { event: "e", exactly: 0 },
    { event: "e", atLeast: 0 },
    { feature: "open", is: "untried" },
    { flow: "a", is: "unseen" },
    { not: { page: "/nowhere" } },
    { not: { locale: ["xx"] } },
    { device: { touch: { $ne: "q" } } },
    { time: { from: "2020-01-01" } },
    { not: { time: { to: "2020-01-01" } } },
    { any: [{ time: { hours: ["09:00", "17:00"] } }, PRO] },
  ];
  it.each(leaving)("leaves somebody out: %j", (audience) => {
    expect(everyone(audience)).toBe(false);
  });
  it.each(leavingNobody.map((audience) => [audience]))("leaves nobody out: %j", (audience) => {
    expect(everyone(audience)).toBe(true);
  });

  it("that leaves nobody out needs a second person like none", async () => {
    const { boris, clara } = await server();
    await boris("PUT", "/v1/flows/a", tooltip("a", { audience: NOBODY_LEFT_OUT }));
    expect(await boris("POST", "/v1/flows/a/publish", {})).toMatchObject({
      status: 409,
      code: "needs-approval",
    });
    expect((await clara("POST", "/v1/flows/a/publish", {})).status).toBe(200);
  });
});

describe("a draft that a key wrote", () => {
  it("has nobody behind it but who publishes it, also where a key approved it", async () => {
    const { boris, clara, send } = await server();
    await send("PUT", "/v1/flows/a", tooltip("a"));
    const publish = () => boris("POST", "/v1/flows/a/publish", {});
    expect(await publish()).toMatchObject({ status: 409, code: "needs-approval" });
    expect((await send("POST", "/v1/flows/a/approve")).status).toBe(200);
    expect((await publish()).status).toBe(409);
    await clara("POST", "/v1/flows/a/approve");
    expect((await publish()).status).toBe(200);
  });
});

describe("a rollback", () => {
  const critical = (name: string) => tooltip("a", { audience: PRO, critical: true, name });
  const harmless = tooltip("a", { audience: PRO });

  it("to what can hurt needs two people, and has them where two stood behind that version", async () => {
    const { boris, clara, anna, send } = await server();
    // 1: a key; 2: written by Anna, published by Boris; 3: approved by Clara; 4: harmless, Boris alone.
    await send("PUT", "/v1/flows/a", critical("by a key"));
    await send("POST", "/v1/flows/a/publish", {});
    await anna("PUT", "/v1/flows/a", critical("Anna wrote"));
    expect((await boris("POST", "/v1/flows/a/publish", { note: "two" })).status).toBe(200);
    await boris("PUT", "/v1/flows/a", critical("Clara approved"));
    await clara("POST", "/v1/flows/a/approve");
    expect((await boris("POST", "/v1/flows/a/publish", {})).status).toBe(200);
    await boris("PUT", "/v1/flows/a", harmless);
    expect((await boris("POST", "/v1/flows/a/publish", {})).status).toBe(200);
    const back = (who: typeof boris, version: number) => who("POST", "/v1/flows/a/rollback", { version });
    const refused = await back(boris, 1);
    expect(refused).toMatchObject({ status: 409, code: "needs-approval" });
    expect(refused.message).toContain("have a second person approve it");
    expect((await back(boris, 2)).status).toBe(200);
    expect((await back(boris, 3)).status).toBe(200);
    expect((await back(boris, 4)).status).toBe(200);
    expect((await back(clara, 1)).status).toBe(409);
    // Keys are held to it by their makers; what one brought back has still nobody behind it.
    expect((await send("POST", "/v1/flows/a/rollback", { version: 1 })).status).toBe(200);
    expect((await back(boris, 8)).status).toBe(409);
  });

  it("to what one person brought back alone needs another", async () => {
    const { boris, clara, send } = await server();
    const many = { id: "s", where: PRO };
    await send("PUT", "/v1/segments/s", many);
    await boris("PUT", "/v1/flows/a", tooltip("a", { audience: { segment: "s" } }));
    expect((await boris("POST", "/v1/flows/a/publish", {})).status).toBe(200);
    await boris("PUT", "/v1/flows/a", harmless);
    expect((await boris("POST", "/v1/flows/a/publish", {})).status).toBe(200);
    // Since then the segment has come to hold everybody, while no live flow used it.
    expect((await boris("PUT", "/v1/segments/s", { ...many, where: NOBODY_LEFT_OUT })).status).toBe(200);
    expect((await boris("POST", "/v1/flows/a/rollback", { version: 1 })).status).toBe(409);
    expect((await clara("POST", "/v1/flows/a/rollback", { version: 1 })).status).toBe(200);
  });
});

describe("a plan", () => {
  it("that one person made alone is not carried out once it has come to reach everybody", async () => {
    let now = NOW;
    const { boris, clara, send, deps } = await server(() => now);
    const s = (where: object) => ({ id: "s", where });
    await send("PUT", "/v1/segments/s", s(PRO));
    const at = new Date(NOW + 500).toISOString();
    const plan = (who: typeof boris, id: string) => who("POST", `/v1/flows/${id}/publish`, { at });
    for (const id of ["alone", "approved", "narrow"]) {
      await boris(
        "PUT",
        `/v1/flows/${id}`,
        tooltip(id, { audience: id === "narrow" ? PRO : { segment: "s" } }),
      );
      if (id === "approved") await clara("POST", `/v1/flows/${id}/approve`);
      expect((await plan(boris, id)).status).toBe(202);
    }
    // No live flow uses it, so it is nobody's business yet.
    expect((await boris("PUT", "/v1/segments/s", s(NOBODY_LEFT_OUT))).status).toBe(200);
    now += 500;
    await runDueSchedules(deps, "production");
    const { live } = await deps.storage.definitions("production");
    expect(live.map(({ flow }) => flow)).toEqual(["approved", "narrow"]);
    const left = await deps.storage.documents("production", "schedule");
    expect(left.map(({ body }) => JSON.parse(body))).toMatchObject([
      { flows: [{ id: "alone" }], failure: expect.stringContaining("second person") },
    ]);
  });
});

describe("what takes effect at once", () => {
  const where = PRO;
  const feature = (id: string, more: object = {}) => ({
    id,
    name: id,
    uses: [{ event: id }],
    activated: { count: 1, within: "14d" },
    ...more,
  });
  async function published() {
    const test = await server();
    const { send } = test;
    await send("PUT", "/v1/segments/inner", { id: "inner", where });
    await send("PUT", "/v1/segments/outer", { id: "outer", where: { all: [{ segment: "inner" }] } });
    await send("PUT", "/v1/segments/free", { id: "free", where });
    await send("PUT", "/v1/features/used", feature("used", { availableTo: { segment: "inner" } }));
    await send("PUT", "/v1/features/free", feature("free"));
    const audience = { all: [{ segment: "outer" }, { feature: "used", is: "untried" }] };
    await send("PUT", "/v1/flows/live", tooltip("live", { audience }));
    expect((await send("POST", "/v1/flows/live/publish", {})).status).toBe(200);
    await send("PUT", "/v1/flows/draft", tooltip("draft", { audience: { segment: "free" } }));
    return test;
  }
  const trial = { user: { plan: "trial" } };
  const WRITES = [
    ["PUT", "/v1/segments/inner", { id: "inner", where: trial }, 403, 200],
    ["PUT", "/v1/segments/outer", { id: "outer", where }, 403, 200],
    ["PUT", "/v1/segments/outer", { id: "outer", where: trial }, 403, 422],
    ["PUT", "/v1/segments/free", { id: "free", where: trial }, 200, 200],
    ["PUT", "/v1/segments/new", { id: "new", where: trial }, 201, 201],
    ["DELETE", "/v1/segments/none", undefined, 404, 404],
    ["PUT", "/v1/features/used", feature("used", { name: "Other" }), 403, 200],
    ["PUT", "/v1/features/free", feature("free", { name: "Other" }), 200, 200],
    ["DELETE", "/v1/features/free", undefined, 204, 204],
    ["PUT", "/v1/settings", { budget: null }, 403, 200],
    ["PUT", "/v1/settings", { navigate: { origins: ["https://evil.test"] } }, 403, 200],
    ["PUT", "/v1/settings", { enabled: false, budget: null }, 403, 200],
    // Whoever sees that all of it must stop may stop it.
    ["PUT", "/v1/settings", { enabled: false }, 200, 200],
  ] as const;

  it.each(WRITES)(
    "is published by those who may: %s %s %j",
    async (method, path, body, author, publisher) => {
      const one = await published();
      const refused = await one.anna(method, path, body);
      expect([refused.status, refused.code === "forbidden"]).toEqual([author, author === 403]);
      if (author === 403) expect(refused.message).toContain('the scope "publish"');
      const other = await published();
      expect((await other.boris(method, path, body)).status).toBe(publisher);
      // A key with `definitions:write` ships flows as code: it is held to it by its maker.
      const third = await published();
      expect((await third.send(method, path, body)).status).toBe(publisher);
    },
  );

  it("is the same by any other way to write it", async () => {
    const { anna, boris } = await published();
    const inner = { segments: [{ id: "inner", where: trial }] };
    expect((await anna("POST", "/v1/apply", inner)).status).toBe(403);
    const wide = {
      segments: [
        { id: "inner", where: NOBODY_LEFT_OUT },
        { id: "outer", where: NOBODY_LEFT_OUT },
      ],
    };
    expect((await boris("POST", "/v1/apply", wide)).status).toBe(409);
    // With the flow that uses it in the same change.
    const late = { id: "late", where: NOBODY_LEFT_OUT };
    const both = {
      segments: [late],
      flows: [tooltip("b", { audience: { segment: "late" } })],
      publish: ["b"],
    };
    expect((await boris("POST", "/v1/apply", both)).status).toBe(409);
    expect((await boris("POST", "/v1/apply", inner)).status).toBe(200);
  });

  it("goes on only with who may publish, and settings are taken away by them alone", async () => {
    const { anna, boris, send } = await published();
    await send("PUT", "/v1/settings", { enabled: false, locale: "de" });
    expect((await anna("PUT", "/v1/settings", { enabled: true, locale: "de" })).status).toBe(403);
    expect((await anna("PUT", "/v1/settings", { locale: "de", enabled: false })).status).toBe(200);
    expect((await anna("DELETE", "/v1/settings")).status).toBe(403);
    expect((await boris("DELETE", "/v1/settings")).status).toBe(204);
  });

  it("does not make a flow that is live one for everybody, by whatever name", async () => {
    const { boris, clara, send, anna } = await published();
    await send("PUT", "/v1/flows/second", tooltip("second", { audience: { not: { segment: "free" } } }));
    await send("PUT", "/v1/flows/third", tooltip("third", { audience: { feature: "used", is: "untried" } }));
    await send("POST", "/v1/publish", { flows: ["third"] });
    const inner = await boris("PUT", "/v1/segments/inner", { id: "inner", where: NOBODY_LEFT_OUT });
    expect(inner).toMatchObject({ status: 409, code: "needs-approval" });
    expect(inner.message).toMatch(/"live", "third".*have somebody approve it, and publish it/);
    expect((await boris("PUT", "/v1/features/used", feature("used"))).message).toMatch(/live: "third"\./);
    expect((await boris("PUT", "/v1/segments/outer", { id: "outer", where: NOBODY_LEFT_OUT })).status).toBe(
      200,
    );
    // The way that the answer names.
    await boris("PUT", "/v1/flows/third", tooltip("third"));
    await clara("POST", "/v1/flows/third/approve");
    expect((await boris("POST", "/v1/flows/third/publish", {})).status).toBe(200);
    expect((await boris("PUT", "/v1/segments/free", { id: "free", where: NOBODY_LEFT_OUT })).status).toBe(
      200,
    );
    expect((await anna("GET", "/v1/segments/free")).status).toBe(200);
  });
});
