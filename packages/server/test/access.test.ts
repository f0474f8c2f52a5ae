import { describe, expect, it } from "vitest";
import { createTestServer, OTHER_SECRET_KEY, SECRET_KEY } from "./test-server.ts";

interface Document {
  readonly openapi: string;
  readonly paths: {
    readonly [path: string]: {
      readonly [method: string]: { readonly security?: object[]; readonly responses: object };
    };
  };
}
async function documentOf(app: ReturnType<typeof createTestServer>["app"]): Promise<Document> {
  return (await (await app.request("/v1/openapi.json")).json()) as Document;
}
const OPEN = ["/v1/session", "/livez", "/readyz", "/v1/openapi.json", "/v1/schema/flow.json"];
const PUBLIC = [
  "/v1/config",
  "/v1/preview",
  "/v1/batch",
  "/v1/track",
  "/v1/identify",
  "/v1/group",
  "/v1/page",
];

describe("the OpenAPI document", () => {
  it("names every registered route, and only those", async () => {
    const { app } = createTestServer();
    const { paths, openapi } = await documentOf(app);
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`),
    );
    const registered = app.routes
      .filter(({ method, path }) => method !== "ALL" && !path.endsWith("*"))
      .map(({ method, path }) => `${method} ${path}`);
    expect(openapi).toBe("3.1.0");
    expect(documented.sort()).toEqual([...new Set(registered)].sort());
    expect(documented).toHaveLength(68);
  });

  it("says which key each route needs", async () => {
    const { paths } = await documentOf(createTestServer().app);
    for (const [path, methods] of Object.entries(paths))
      for (const operation of Object.values(methods))
        expect([path, operation.security?.length ?? 0]).toEqual([
          path,
          OPEN.includes(path) ? 0 : PUBLIC.includes(path) ? 2 : 1,
        ]);
  });

  it("names the refusals that any route with a key may answer, and the config's for a page that may not ask", async () => {
    const { paths } = await documentOf(createTestServer().app);
    let secured = 0;
    for (const [path, methods] of Object.entries(paths))
      for (const [method, { security, responses }] of Object.entries(methods)) {
        if (security === undefined) continue;
        secured += 1;
        const missing = ["401", "429", "503"].filter((status) => !(status in responses));
        expect([method, path, missing]).toEqual([method, path, []]);
      }
    expect(secured).toBe(61);
    // An archived flow has to be restored first; what would reach everybody needs a second person.
    for (const [method, path] of [
      ["put", "/v1/flows/{id}"],
      ["post", "/v1/flows/{id}/publish"],
      ["post", "/v1/flows/{id}/rollback"],
      ["post", "/v1/publish"],
      ["post", "/v1/apply"],
      ["put", "/v1/features/{id}"],
      ["put", "/v1/segments/{id}"],
    ] as const)
      expect([method, path, "409" in (paths[path]?.[method]?.responses ?? {})]).toEqual([method, path, true]);
    expect(Object.keys(paths["/v1/config"]?.get?.responses ?? {})).toEqual(
      expect.arrayContaining(["401", "403", "429"]),
    );
  });
});

describe("keys", () => {
  it("do not go into an address when they are secret", async () => {
    const { app } = createTestServer();
    expect((await app.request(`/v1/config?key=${SECRET_KEY}`)).status).toBe(401);
    expect((await app.request(`/v1/flows?key=${SECRET_KEY}`)).status).toBe(401);
  });

  it("never show one environment's words to another", async () => {
    const { send } = createTestServer();
    const canary = "canary-4711";
    await send("PUT", "/v1/segments/canary-4711", { id: canary, where: { user: { x: canary } } });
    await send("POST", "/v1/batch", {
      batch: [
        {
          type: "track",
          event: canary,
          userId: canary,
          messageId: canary,
          timestamp: "2026-11-20T10:00:00Z",
        },
      ],
    });
    const other = { authorization: `Bearer ${OTHER_SECRET_KEY}` };
    for (const path of ["/v1/events", "/v1/segments", "/v1/catalog", "/v1/config", "/v1/reports/decisions"]) {
      const response = await send("GET", path, undefined, other);
      expect([path, response.status]).toEqual([path, 200]);
      expect(await response.text()).not.toContain(canary);
    }
  });
});

describe("demo keys", () => {
  const ask = async (
    overrides: object,
    headers: Record<string, string> = {},
    url = "http://localhost:8787/v1/flows",
  ) => {
    const { app } = createTestServer({ demo: true, ...overrides });
    return (await app.request(url, { headers: { authorization: "Bearer sk_demo", ...headers } })).status;
  };
  it("open a demo server to its own machine", async () => {
    expect(await ask({})).toBe(200);
    expect(await ask({ peer: () => "::ffff:127.0.0.1" }, { host: "127.0.0.1:8787" })).toBe(200);
  });
  it.each([
    ["another peer", { peer: () => "10.0.0.7" }, {}],
    ["an unknown peer", { peer: () => undefined }, {}],
    ["another name for this machine", {}, { host: "evil.test:8787" }],
    ["a proxy in between", {}, { "x-forwarded-for": "127.0.0.1" }],
    ["a proxy that says so", {}, { forwarded: "for=1.2.3.4" }],
    ["any X-Forwarded header", {}, { "x-forwarded-host": "localhost" }],
    ["a server that is not a demo", { demo: false }, {}],
  ])("are unknown with %s", async (_, overrides, headers) => {
    expect(await ask(overrides, headers as Record<string, string>)).toBe(401);
  });
  it("serve the studio's own requests, and no other page's", async () => {
    expect(await ask({}, { origin: "http://localhost:8787" })).toBe(200);
    expect(await ask({}, { origin: "http://localhost:3000" })).toBe(401);
    expect(await ask({}, { origin: "https://evil.test" })).toBe(401);
    // The public one is for the developer's own page, wherever it runs.
    const config = await createTestServer({ demo: true }).app.request(
      "http://localhost:8787/v1/config?key=pk_demo",
      { headers: { origin: "http://localhost:3000" } },
    );
    expect(config.status).toBe(200);
  });
  it("are told to the studio under the same rule", async () => {
    const session = async (overrides: object, headers: Record<string, string> = {}) =>
      await createTestServer(overrides).app.request("http://localhost:8787/studio/session.json", { headers });
    expect(await (await session({ demo: true })).json()).toEqual({
      demo: true,
      key: "sk_demo",
      publicKey: "pk_demo",
    });
    expect((await session({ demo: true }, { "x-forwarded-for": "1.1.1.1" })).status).toBe(404);
    expect((await session({ demo: false })).status).toBe(404);
  });
});

describe("every error", () => {
  it("has the one body, as JSON, with a request id", async () => {
    const { app } = createTestServer();
    const response = await app.request("/v1/nothing-here");
    expect(response.status).toBe(404);
    expect(response.headers.get("content-type")).toContain("application/json");
    expect(response.headers.get("x-request-id")).toMatch(/^id-/);
    expect(await response.json()).toEqual({
      error: { code: "not-found", message: "There is no such address." },
    });
  });

  it("names the parameter that is wrong, or the one that nobody knows", async () => {
    const { send } = createTestServer();
    const words = async (query: string) => {
      const response = await send("GET", `/v1/reports/activation?${query}`);
      const { error } = (await response.json()) as { error: { message: string } };
      return [response.status, error.message];
    };
    expect(await words("bogus=1")).toEqual([400, 'Unrecognized key: "bogus"']);
    expect((await words("timezone=Mars/One")).join(" ")).toMatch(/^400 timezone: not a time zone/);
  });

  it("hides what broke, and tells the operator", async () => {
    const { deps } = createTestServer();
    const storage = { ...deps.storage, definitions: () => Promise.reject(new Error("secret path /var/x")) };
    const { send, reported } = createTestServer({ storage });
    const response = await send("GET", "/v1/flows");
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("/var/x");
    expect(String(reported[0])).toContain("/var/x");
  });
});

describe("GET /v1/schema/flow.json", () => {
  it("is the schema of a flow", async () => {
    const { app } = createTestServer();
    const schema = (await (await app.request("/v1/schema/flow.json")).json()) as { $defs: object };
    expect(Object.keys(schema.$defs)).toContain("flow");
  });
});
