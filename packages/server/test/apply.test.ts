import { describe, expect, it } from "vitest";
import type { Scope } from "../src/access/scopes.ts";
import { applyTogether, planTogether } from "../src/definitions/apply.ts";
import { toStoredKey } from "../src/keys.ts";
import { createTestServer, NOW, PUBLIC_KEY, tooltip } from "./test-server.ts";

const segment = (id: string, value: unknown = "trial") => ({ id, where: { account: { plan: value } } });
const feature = (id: string) => ({
  id,
  name: id,
  uses: [{ event: "e" }],
  activated: { count: 1, within: "14d" },
});
/** Proven to hold for nobody: lint refuses it. */
const never = { all: [{ user: { plan: "pro" } }, { not: { user: { plan: "pro" } } }] };

function world() {
  const test = createTestServer();
  const { app, send, deps } = test;
  const apply = async (body: unknown, path = "/v1/apply") => {
    const response = await send("POST", path, body);
    return { status: response.status, body: (await response.json()) as never };
  };
  const config = async () => (await app.request(`/v1/config?key=${PUBLIC_KEY}`)).text();
  const revision = async () => (await deps.storage.definitions("production")).revision;
  const tag = async (path: string) => (await send("GET", path)).headers.get("etag");
  return { ...test, apply, config, revision, tag };
}

const EVERYTHING = {
  segments: [segment("trial")],
  features: [feature("export")],
  settings: { budget: { perDay: 2 } },
  flows: [tooltip("a", { audience: { segment: "trial" } }), tooltip("b")],
  publish: ["a", "b"],
  note: "from git",
};

describe("POST /v1/apply", () => {
  it("does everything as one change, and nothing the second time", async () => {
    const { apply, revision, send } = world();
    const done = {
      written: ["segments/trial", "features/export", "settings", "flows/a", "flows/b"],
      restored: [],
      published: [
        { id: "a", version: 1 },
        { id: "b", version: 1 },
      ],
      deleted: [],
    };
    const planned = await apply(EVERYTHING, "/v1/plan");
    expect([planned.status, await revision()]).toEqual([200, 0]);
    expect(planned.body).toMatchObject(done);
    expect(await apply(EVERYTHING)).toMatchObject({ status: 200, body: done });
    expect(await revision()).toBe(1);
    const nothing = { written: [], restored: [], published: [], deleted: [] };
    expect(await apply(EVERYTHING)).toMatchObject({ status: 200, body: nothing });
    expect(await revision()).toBe(1);
    const { versions } = (await (await send("GET", "/v1/flows/a/versions")).json()) as { versions: object[] };
    expect(versions).toMatchObject([{ version: 1, note: "from git", live: true }]);
    const { entries } = (await (await send("GET", "/v1/audit")).json()) as {
      entries: { action: string; subject: string }[];
    };
    expect(entries.map(({ action, subject }) => `${action} ${subject}`).sort()).toEqual([
      "publish flows/a",
      "publish flows/b",
      "put features/export",
      "put flows/a",
      "put flows/b",
      "put segments/trial",
      "put settings",
    ]);
  });

  it.each<[string, object, number, string?]>([
    ["a flow that lint refuses", { flows: [tooltip("b", { audience: never })], publish: ["b"] }, 422],
    ["a flow that is not valid", { flows: [tooltip("b", { priority: 1_000 })] }, 422],
    ["a definition without an id", { segments: [{ where: {} }] }, 422],
    [
      "a flow whose segment goes with it",
      { flows: [tooltip("c", { audience: { segment: "trial" } })], delete: ["segments/trial"], segments: [] },
      422,
    ],
    ["a flow that does not exist", { publish: ["none"] }, 404],
    ["something to delete that does not exist", { delete: ["segments/none"] }, 404],
    [
      "something to delete that is used",
      { delete: ["features/export", "segments/trial"], segments: [] },
      409,
    ],
    ["a name that is none", { delete: ["flow/a"] }, 400],
    ["the same name twice", { segments: [segment("x"), segment("x")] }, 400],
    ["a tag that has changed", { ifMatch: { "flows/a": '"99"' } }, 412],
    ["something that was not there", { ifMatch: { "flows/a": null } }, 412],
    ["a flow that is archived", { flows: [tooltip("old", { name: "New" })] }, 409],
    ["an archived flow to publish", { publish: ["old"] }, 409],
    ["a definition that is too large", { flows: [tooltip("b", { name: "x".repeat(270_000) })] }, 413],
    ["a key that reaches into prototypes", JSON.parse('{"settings":{"__proto__":{"a":1}}}') as object, 400],
  ])("changes nothing where it is refused because of %s", async (_, more, status) => {
    const { apply, config, revision, send } = world();
    await apply({ ...EVERYTHING, flows: [...EVERYTHING.flows, tooltip("old")] });
    await send("POST", "/v1/flows/old/archive");
    const [before, number] = [await config(), await revision()];
    const body = { segments: [segment("trial", "pro")], features: [feature("new")], ...more };
    for (const path of ["/v1/plan", "/v1/apply"]) {
      const answered = await apply(
        JSON.stringify(body).replace('"settings":{}', '"settings":{"__proto__":{"a":1}}'),
        path,
      );
      expect([path, answered.status]).toEqual([path, status]);
    }
    expect([await config(), await revision()]).toEqual([before, number]);
  });

  it("brings an archived flow back as its next version", async () => {
    const { apply, send, config } = world();
    await apply(EVERYTHING);
    await send("POST", "/v1/flows/b/archive");
    const back = { flows: [tooltip("b")], restore: ["b"], publish: ["b"] };
    const done = { written: [], restored: ["b"], published: [{ id: "b", version: 2 }] };
    expect(await apply(back)).toMatchObject({ status: 200, body: done });
    expect(await config()).toContain('"id":"b"');
    expect(await apply(back)).toMatchObject({ body: { restored: [], published: [] } });
  });

  it("deletes what names each other together, but nothing that an archived flow could not be without", async () => {
    const { apply, send } = world();
    await apply({
      ...EVERYTHING,
      flows: [
        tooltip("a", { audience: { segment: "trial" } }),
        tooltip("b", { audience: { flow: "a", is: "completed" } }),
      ],
    });
    await send("POST", "/v1/flows/b/archive");
    // Another flow may come later; a segment may not.
    expect((await apply({ delete: ["flows/a"] }, "/v1/plan")).status).toBe(200);
    await apply({ delete: ["flows/b"] });
    await send("POST", "/v1/flows/a/archive");
    expect(await apply({ delete: ["segments/trial"] })).toMatchObject({
      status: 409,
      body: { error: { message: 'The segment "trial" is still used.', details: { usedBy: ["flows/a"] } } },
    });
    expect(await apply({ delete: ["segments/trial", "flows/a"] })).toMatchObject({
      status: 200,
      body: { deleted: ["segments/trial", "flows/a"] },
    });
  });

  it("writes only over what was read", async () => {
    const { apply, tag, send } = world();
    await apply(EVERYTHING);
    const read = await tag("/v1/flows/b");
    await send("PUT", "/v1/flows/b", tooltip("b", { name: "Somebody else" }));
    const body = { flows: [tooltip("b", { name: "Mine" })], ifMatch: { "flows/b": read } };
    expect(await apply(body)).toMatchObject({
      status: 412,
      body: { error: { details: { name: "flows/b" } } },
    });
    expect((await apply({ ...body, ifMatch: { "flows/b": await tag("/v1/flows/b") } })).status).toBe(200);
  });

  it("publishes only for who may, though everybody who writes may write drafts by it", async () => {
    const { apply, send, deps, config } = world();
    const text = "sk_writer_0123456789";
    const record = { ...toStoredKey(text, "secret", "production", NOW), scopes: ["definitions:write"] };
    await deps.storage.writeDocument(
      "production",
      { collection: "key", id: record.hash, expected: 0, body: JSON.stringify(record) },
      NOW,
    );
    await deps.reloadKeys();
    const before = await config();
    const as = { authorization: `Bearer ${text}` };
    expect((await send("POST", "/v1/apply", EVERYTHING, as)).status).toBe(403);
    expect(await config()).toBe(before);
    expect((await send("POST", "/v1/apply", { ...EVERYTHING, publish: [] }, as)).status).toBe(200);
    expect((await apply({}, "/v1/plan")).status).toBe(200);
  });

  it.each([
    ["done", applyTogether],
    ["planned", planTogether],
  ])("is no way round the second person, where it is %s", async (_, act) => {
    const { deps, revision } = world();
    const wanted = {
      flows: [],
      features: [],
      segments: [],
      restore: [],
      publish: ["b"],
      delete: [],
      ifMatch: {},
      note: null,
    };
    const as = (scopes: readonly Scope[]) =>
      ({ kind: "person", environment: "production", name: "anna", scopes: new Set(scopes) }) as const;
    const may = as(["definitions:write", "publish"]);
    // Alone behind what everybody gets, in plain words or by a segment that comes in the same change.
    await expect(act(deps, may, { ...wanted, flows: [tooltip("b")] })).rejects.toMatchObject({ status: 409 });
    const everybody = [{ id: "all", where: { not: { user: { nope: 1 } } } }];
    const flows = [tooltip("b", { audience: { segment: "all" } })];
    await expect(act(deps, may, { ...wanted, segments: everybody, flows })).rejects.toMatchObject({
      status: 409,
    });
    // Settings take effect at once.
    const settings = { ...wanted, publish: [], settings: { budget: { perDay: 9 } } };
    await expect(act(deps, as(["definitions:write"]), settings)).rejects.toMatchObject({ status: 403 });
    expect(await revision()).toBe(0);
  });

  it("keeps keys to the origins that it wrote", async () => {
    const { apply, app } = world();
    await apply({ settings: { origins: ["https://app.example.com"] } });
    const from = async (origin: string) =>
      (await app.request(`/v1/config?key=${PUBLIC_KEY}`, { headers: { origin } })).status;
    expect([await from("https://app.example.com"), await from("https://evil.test")]).toEqual([200, 403]);
  });
});
