import { describe, expect, it } from "vitest";
import { createConfigSource } from "../src/definitions/live-config.ts";
import { createTestServer, PUBLIC_KEY, tooltip } from "./test-server.ts";

const feature = (id: string, more: object = {}) => ({
  id,
  name: id,
  uses: [{ event: "report.exported" }],
  activated: { count: 3, within: "14d" },
  ...more,
});
type ErrorAnswer = {
  error: {
    code: string;
    message: string;
    details?: { problems?: { path: string; code: string; file: string; fix: string }[]; usedBy?: string[] };
  };
};
const errorOf = async (response: Response) => ((await response.json()) as ErrorAnswer).error;

describe("flows", () => {
  it("answers a malformed flow with 422 and the list of what is wrong, where, and what to write", async () => {
    const { send } = createTestServer();
    const bad = { ...tooltip("first"), patience: "30 minutes", colour: "red" };
    const response = await send("PUT", "/v1/flows/first", bad);
    expect(response.status).toBe(422);
    const { code, details } = await errorOf(response);
    expect(code).toBe("invalid-definition");
    expect(details?.problems?.map(({ path, code }) => [path, code])).toEqual(
      expect.arrayContaining([
        ["/patience", "bad-duration"],
        ["/colour", "unknown-field"],
      ]),
    );
    expect(details?.problems?.every(({ file, fix }) => file === "flows/first" && fix !== "")).toBe(true);
  });

  it("refuses an id that is not the address's, prototype keys, and more than 256 kB", async () => {
    const { send } = createTestServer();
    expect((await send("PUT", "/v1/flows/other", tooltip("first"))).status).toBe(422);
    expect((await send("PUT", "/v1/flows/first", '{"__proto__":{}}')).status).toBe(400);
    expect((await send("PUT", "/v1/flows/first", '{"id":')).status).toBe(400);
    const large = tooltip("first", { why: "x".repeat(263_000) });
    expect((await send("PUT", "/v1/flows/first", large)).status).toBe(413);
    expect(
      (
        await send("PUT", "/v1/flows/first", JSON.stringify(tooltip("first")), {
          "content-type": "text/html",
        })
      ).status,
    ).toBe(415);
  });

  it("answers 404 for a flow that does not exist, whatever is asked", async () => {
    const { send } = createTestServer();
    for (const [method, path, body] of [
      ["GET", "/v1/flows/none"],
      ["DELETE", "/v1/flows/none"],
      ["GET", "/v1/flows/none/versions"],
      ["POST", "/v1/flows/none/publish", {}],
      ["POST", "/v1/flows/none/rollback", { version: 1 }],
      ["POST", "/v1/publish", { flows: ["none"] }],
      ["GET", "/v1/reports/funnel?flow=none"],
    ] as const)
      expect([path, (await send(method, path, body)).status]).toEqual([path, 404]);
  });

  it("changes a draft only for who has read the latest one, when asked to", async () => {
    const { send } = createTestServer();
    const first = await send("PUT", "/v1/flows/first", tooltip("first"));
    const tag = first.headers.get("etag") ?? "";
    expect((await send("GET", "/v1/flows/first")).headers.get("etag")).toBe(tag);
    expect(
      (await send("PUT", "/v1/flows/first", tooltip("first", { priority: 1 }), { "if-match": tag })).status,
    ).toBe(200);
    const late = await send("PUT", "/v1/flows/first", tooltip("first", { priority: 2 }), { "if-match": tag });
    expect(late.status).toBe(412);
    expect((await send("DELETE", "/v1/flows/first", undefined, { "if-match": tag })).status).toBe(412);
    expect((await send("PUT", "/v1/flows/first", tooltip("first", { priority: 3 }))).status).toBe(200);
    expect((await send("PUT", "/v1/flows/second", tooltip("second"), { "if-match": "*" })).status).toBe(412);
  });

  it("ignores version and publishedAt in what is sent, so that what was read can be sent back", async () => {
    const { send } = createTestServer();
    await send("PUT", "/v1/flows/first", tooltip("first"));
    await send("POST", "/v1/flows/first/publish", {});
    const read = (await (await send("GET", "/v1/flows/first")).json()) as { version: number };
    expect(read.version).toBe(1);
    await send("PUT", "/v1/flows/first", { ...read, version: 99 });
    const { flows } = (await (await send("GET", "/v1/flows")).json()) as { flows: object[] };
    expect(flows[0]).toMatchObject({ state: "published", version: 1 });
  });

  it("publishes without a note, and without a body", async () => {
    const { send } = createTestServer();
    await send("PUT", "/v1/flows/first", tooltip("first"));
    expect(await (await send("POST", "/v1/flows/first/publish")).json()).toMatchObject({
      version: 1,
      note: null,
    });
    const announced = await send("POST", "/v1/flows/first/publish", "", {
      "content-type": "application/json",
    });
    expect([announced.status, await announced.json()]).toMatchObject([200, { version: 2 }]);
  });

  it("refuses a wish that it does not know, instead of publishing at once", async () => {
    const { send } = createTestServer();
    await send("PUT", "/v1/flows/first", tooltip("first"));
    for (const [path, body] of [
      ["/v1/flows/first/publish", { when: "2027-01-01T00:00:00Z" }],
      ["/v1/publish", { flows: ["first"], when: "2027-01-01T00:00:00Z" }],
    ] as const) {
      const answer = await send("POST", path, body);
      expect(answer.status).toBe(400);
      expect(JSON.stringify(await answer.json())).toContain('\\"when\\"');
    }
    expect(await (await send("GET", "/v1/flows/first/versions")).json()).toEqual({ versions: [] });
  });

  it("keeps every published version as it was, with its note", async () => {
    const { send } = createTestServer();
    for (const name of ["One", "Two"]) {
      await send("PUT", "/v1/flows/first", tooltip("first", { name }));
      await send("POST", "/v1/flows/first/publish", { note: name });
    }
    const { versions } = (await (await send("GET", "/v1/flows/first/versions")).json()) as {
      versions: { version: number; note: string; live: boolean; flow: { name: string } }[];
    };
    expect(versions.map(({ version, note, live, flow }) => [version, note, live, flow.name])).toEqual([
      [2, "Two", true, "Two"],
      [1, "One", false, "One"],
    ]);
    expect((await send("POST", "/v1/flows/first/rollback", { version: 9 })).status).toBe(404);
    expect((await send("POST", "/v1/flows/first/rollback", { version: "one" })).status).toBe(400);
  });

  it("publishes several flows that name each other as one change, and neither of them alone", async () => {
    const { app, send } = createTestServer();
    const naming = (other: string) => ({ audience: { flow: other, is: "completed" } });
    await send("PUT", "/v1/flows/a", tooltip("a", naming("b")));
    await send("PUT", "/v1/flows/b", tooltip("b", naming("a")));
    const alone = await send("POST", "/v1/flows/a/publish", {});
    expect(alone.status).toBe(422);
    expect((await errorOf(alone)).details?.problems).toMatchObject([
      { file: "flows/a", path: "/audience/flow", code: "dangling-reference" },
    ]);
    const both = await send("POST", "/v1/publish", { flows: ["a", "b"], note: "together" });
    expect(both.status).toBe(200);
    const config = (await (await app.request(`/v1/config?key=${PUBLIC_KEY}`)).json()) as { flows: object[] };
    expect(config.flows).toMatchObject([
      { id: "a", version: 1 },
      { id: "b", version: 1 },
    ]);
    const refused = await send("DELETE", "/v1/flows/b");
    expect([refused.status, (await errorOf(refused)).details?.usedBy]).toEqual([409, ["flows/a"]]);
  });

  it("takes a deleted flow out of the config, and brings it back by its version", async () => {
    const { app, send } = createTestServer();
    await send("PUT", "/v1/flows/first", tooltip("first"));
    await send("POST", "/v1/flows/first/publish", {});
    expect((await send("DELETE", "/v1/flows/first")).status).toBe(204);
    const live = async () =>
      ((await (await app.request(`/v1/config?key=${PUBLIC_KEY}`)).json()) as { flows: object[] }).flows;
    expect(await live()).toEqual([]);
    expect((await send("POST", "/v1/flows/first/rollback", { version: 1 })).status).toBe(200);
    expect(await live()).toMatchObject([{ id: "first", version: 2 }]);
    expect((await send("GET", "/v1/flows/first")).status).toBe(200);
  });

  it("lets writers that race each other all through, one after the other", async () => {
    const { send } = createTestServer();
    const answers = await Promise.all(
      Array.from({ length: 5 }, (_, i) => send("PUT", `/v1/flows/f${i}`, tooltip(`f${i}`))),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
  });
});

describe("features, segments and settings", () => {
  it("take effect at once", async () => {
    const { app, send } = createTestServer();
    expect(
      (await send("PUT", "/v1/segments/pros", { id: "pros", where: { account: { plan: "pro" } } })).status,
    ).toBe(201);
    expect(
      (await send("PUT", "/v1/features/export", feature("export", { availableTo: { segment: "pros" } })))
        .status,
    ).toBe(201);
    expect((await send("PUT", "/v1/settings", { enabled: false })).status).toBe(200);
    const config = await (await app.request(`/v1/config?key=${PUBLIC_KEY}`)).json();
    expect(config).toMatchObject({
      schemaVersion: 1,
      environment: "production",
      features: [{ id: "export" }],
      segments: [{ id: "pros" }],
      settings: { enabled: false },
    });
    expect((await send("DELETE", "/v1/settings")).status).toBe(204);
    expect(await (await send("GET", "/v1/settings")).json()).toEqual({});
    expect((await send("DELETE", "/v1/settings")).status).toBe(404);
  });

  it("refuse to name what does not exist", async () => {
    const { send } = createTestServer();
    for (const [path, body] of [
      ["/v1/features/export", feature("export", { availableTo: { segment: "none" } })],
      ["/v1/segments/pros", { id: "pros", where: { feature: "none", is: "tried" } }],
      ["/v1/settings", { exclude: { segment: "none" } }],
      ["/v1/flows/first", tooltip("first", { audience: { feature: "none", is: "untried" } })],
    ] as const) {
      const response = await send("PUT", path, body);
      expect([path, response.status]).toEqual([path, 422]);
      expect((await errorOf(response)).details?.problems?.[0]?.code).toBe("dangling-reference");
    }
  });

  it("refuse to go round in a circle", async () => {
    const { send } = createTestServer();
    await send("PUT", "/v1/segments/a", { id: "a", where: { user: { x: 1 } } });
    await send("PUT", "/v1/segments/b", { id: "b", where: { segment: "a" } });
    const response = await send("PUT", "/v1/segments/a", { id: "a", where: { segment: "b" } });
    expect([response.status, (await errorOf(response)).details?.problems?.[0]?.code]).toEqual([
      422,
      "reference-cycle",
    ]);
  });

  it("stay while something needs them, and the answer says what", async () => {
    const { send } = createTestServer();
    await send("PUT", "/v1/segments/pros", { id: "pros", where: { account: { plan: "pro" } } });
    await send("PUT", "/v1/features/export", feature("export", { availableTo: { segment: "pros" } }));
    await send("PUT", "/v1/settings", { exclude: { segment: "pros" } });
    await send(
      "PUT",
      "/v1/flows/first",
      tooltip("first", { audience: { feature: "export", is: "untried" } }),
    );
    const usedBy = async (path: string) => {
      const response = await send("DELETE", path);
      expect(response.status).toBe(409);
      return (await errorOf(response)).details?.usedBy;
    };
    expect(await usedBy("/v1/segments/pros")).toEqual(["features/export", "settings"]);
    expect(await usedBy("/v1/features/export")).toEqual(["flows/first"]);
    await send("DELETE", "/v1/flows/first");
    expect((await send("DELETE", "/v1/features/export")).status).toBe(204);
  });
});

describe("GET /v1/config", () => {
  it("is built once per change, and answers 304 to who has it", async () => {
    const { app, send } = createTestServer();
    const get = (headers: Record<string, string> = {}) =>
      app.request(`/v1/config?key=${PUBLIC_KEY}`, { headers });
    const first = await get();
    const etag = first.headers.get("etag") ?? "";
    expect(first.headers.get("cache-control")).toBe("public, max-age=60, stale-while-revalidate=600");
    expect(first.headers.get("access-control-allow-origin")).toBe("*");
    const again = await get({ "if-none-match": etag });
    expect([again.status, await again.text(), again.headers.get("access-control-allow-origin")]).toEqual([
      304,
      "",
      "*",
    ]);
    await send("PUT", "/v1/flows/draft", tooltip("draft"));
    expect((await get({ "if-none-match": etag })).status).toBe(304);
    await send("POST", "/v1/flows/draft/publish", {});
    expect((await get({ "if-none-match": etag })).status).toBe(200);
  });

  it("is packed anew when something is published, and not for a draft", async () => {
    const { deps, send } = createTestServer();
    const config = createConfigSource(deps.storage);
    await send("PUT", "/v1/flows/a", tooltip("a"));
    await send("POST", "/v1/flows/a/publish", {});
    const first = await config("production");
    await send("PUT", "/v1/flows/a", tooltip("a", { name: "Another" }));
    const drafted = await config("production");
    expect(drafted.brotli).toBe(first.brotli);
    expect(drafted.revision).toBeGreaterThan(first.revision);
    await send("POST", "/v1/flows/a/publish", {});
    const published = await config("production");
    expect([published.etag === first.etag, published.body.includes("Another")]).toEqual([false, true]);
  });

  it("is sent compressed to who takes it", async () => {
    const { app } = createTestServer();
    const headers = { "accept-encoding": "gzip, br;q=0" };
    const response = await app.request(`/v1/config?key=${PUBLIC_KEY}`, { headers });
    expect(response.headers.get("content-encoding")).toBe("gzip");
    const { gunzipSync } = await import("node:zlib");
    expect(JSON.parse(gunzipSync(new Uint8Array(await response.arrayBuffer())).toString())).toMatchObject({
      schemaVersion: 1,
    });
  });
});
