import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { ROLE_SCOPES, SCOPES } from "../src/access/scopes.ts";
import { toStoredKey } from "../src/keys.ts";
import { isShortRun } from "./store-of-run.ts";
import {
  createTestServer,
  NOW,
  OTHER_PUBLIC_KEY,
  OTHER_SECRET_KEY,
  PUBLIC_KEY,
  SECRET_KEY,
  tooltip,
} from "./test-server.ts";
import { goodToken, installKeys } from "./user-token.ts";

const DOCS = readFileSync(new URL("../../../docs/security.md", import.meta.url), "utf8");
const CANARY = "canary-4711";
const PASSWORD = "correct horse battery";
type Needs = "any" | "pk" | "token" | "cookie" | "scope";

/** The rows of the table under a heading whose first cell is this. */
function table(first: string): string[][] {
  const lines = DOCS.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`| ${first} |`));
  const rows: string[][] = [];
  for (const line of lines.slice(start + 2)) {
    if (!line.startsWith("|")) break;
    rows.push(
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll("`", "")),
    );
  }
  return rows;
}

const ROUTES = table("route").map(([route = "", needs = ""]) => ({ route, needs }));
const KINDS = ["any", "pk", "token", "cookie", "scope"] as const;
const CALLERS = new Map(
  table("caller").map(([name = "", ...answers]) => [
    name,
    Object.fromEntries(KINDS.map((kind, i) => [kind, answers[i] ?? ""])),
  ]),
);
const kindOf = (needs: string): Needs =>
  (KINDS as readonly string[]).includes(needs) ? (needs as Needs) : "scope";

/** What is sent to a route so that, but for who asks, it would be done. */
const BODIES: { readonly [route: string]: (suffix: string) => unknown } = {
  "POST /v1/session": () => ({ email: "nobody@example.com", password: "x" }),
  "PUT /v1/state": () => ({ state: "x" }),
  "PUT /v1/flows/{id}": () => tooltip("target"),
  "POST /v1/flows/{id}/publish": () => ({}),
  "POST /v1/flows/{id}/rollback": () => ({ version: 1 }),
  "POST /v1/publish": () => ({ flows: ["target"] }),
  "POST /v1/apply": () => ({ flows: [tooltip("target", { name: "T" })] }),
  "POST /v1/plan": () => ({ flows: [tooltip("target", { name: "T" })], publish: ["target"] }),
  "POST /v1/previews": () => ({ flow: "target" }),
  "PUT /v1/features/{id}": () => ({
    id: "target",
    name: "T",
    uses: [{ event: "e" }],
    activated: { count: 1 },
  }),
  "PUT /v1/segments/{id}": () => ({ id: "target", where: { user: { a: 1 } } }),
  // What anybody may who writes at all: another body needs `publish` too.
  "PUT /v1/settings": () => ({ enabled: false }),
  "POST /v1/keys": () => ({ kind: "public" }),
  "POST /v1/signing-keys": () => ({ alg: "HS256" }),
  "PUT /v1/people/{email}": () => ({ role: "author", password: PASSWORD }),
};
const QUERIES: { readonly [route: string]: string } = {
  "GET /v1/reports/funnel": "flow=target&from=2026-11-01&to=2026-11-20",
};

interface Caller {
  readonly headers?: Record<string, string>;
  /** For routes that take the key in the address. */
  readonly key?: string;
  readonly scopes?: readonly string[];
}

/** One server with everybody there, and a canary in the other environment. */
async function world() {
  const test = createTestServer();
  const { deps, send } = test;
  await installKeys(deps.storage);
  await send("PUT", "/v1/flows/target", tooltip("target"));
  await send("POST", "/v1/flows/target/publish", {});
  const staging = { authorization: `Bearer ${OTHER_SECRET_KEY}` };
  await send("PUT", `/v1/flows/${CANARY}`, tooltip(CANARY, { name: CANARY }), staging);
  await send("POST", `/v1/flows/${CANARY}/publish`, { note: CANARY }, staging);
  await send("PUT", `/v1/segments/${CANARY}`, { id: CANARY, where: { user: { [CANARY]: CANARY } } }, staging);
  await send(
    "PUT",
    `/v1/features/${CANARY}`,
    { id: CANARY, name: CANARY, uses: [{ event: CANARY }], activated: { count: 1 } },
    staging,
  );
  await send("POST", "/v1/keys", { kind: "secret", name: CANARY }, staging);
  const track = {
    type: "track",
    event: CANARY,
    userId: CANARY,
    messageId: CANARY,
    timestamp: "2026-11-20T10:00:00Z",
    context: { groupId: CANARY },
  };
  await send(
    "POST",
    "/v1/batch",
    { batch: [track, { ...track, type: "identify", messageId: "2", traits: { [CANARY]: CANARY } }] },
    staging,
  );
  // Whoever this is in the other environment, nothing of it may be seen here.
  await deps.storage.writeDocument(
    "staging",
    { collection: "state", id: "u1", expected: 0, body: CANARY },
    NOW,
  );

  const keep = async (text: string, kind: "public" | "secret", more: object) => {
    const record = { ...toStoredKey(text, kind, "production", NOW), ...more };
    await deps.storage.writeDocument(
      "production",
      { collection: "key", id: record.hash, expected: 0, body: JSON.stringify(record) },
      NOW,
    );
    return text;
  };
  const expired = await keep("sk_expired_0123456789", "secret", { expiresAt: NOW });
  const revoked = await keep("sk_revoked_0123456789", "secret", { revokedAt: NOW });
  await keep("pk_expired_0123456789", "public", { expiresAt: NOW });
  await keep("pk_revoked_0123456789", "public", { revokedAt: NOW });
  for (const scope of SCOPES)
    await keep(`sk_without_${scope}_01234`, "secret", { scopes: SCOPES.filter((one) => one !== scope) });
  await deps.reloadKeys();
  // Without a password: what it costs to check one is on purpose.
  const session = async (role: "author" | "publisher") => {
    const [email, token, csrf] = [`${role}@example.com`, `session of ${role}`, "csrf"];
    const person = {
      email,
      name: "",
      role,
      password: { salt: "", hash: "", cost: 15 },
      createdAt: NOW,
      stamp: role,
    };
    const put = (collection: "person" | "session", id: string, body: object) =>
      deps.storage.writeDocument("*", { collection, id, expected: 0, body: JSON.stringify(body) }, NOW);
    await put("person", email, person);
    const id = createHash("sha256").update(token.replaceAll(" ", "_")).digest("hex");
    await put("session", id, { email, stamp: role, csrf, expiresAt: NOW + 1_000 });
    return {
      headers: { cookie: `cairn_session=${token.replaceAll(" ", "_")}`, "x-csrf-token": csrf },
      scopes: ROLE_SCOPES[role],
    };
  };
  const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` }, key });
  const callers: { readonly [name: string]: (needs: string) => Caller } = {
    "no key": () => ({}),
    "public key": () => bearer(PUBLIC_KEY),
    "public key of another environment": () => bearer(OTHER_PUBLIC_KEY),
    "secret key with the scope": () => bearer(SECRET_KEY),
    "secret key without the scope": (needs) =>
      bearer(kindOf(needs) === "scope" ? `sk_without_${needs}_01234` : "sk_without_keys:write_01234"),
    "secret key of another environment": () => bearer(OTHER_SECRET_KEY),
    "expired key": (needs) => bearer(kindOf(needs) === "scope" ? expired : "pk_expired_0123456789"),
    "revoked key": (needs) => bearer(kindOf(needs) === "scope" ? revoked : "pk_revoked_0123456789"),
    ...Object.fromEntries(
      await Promise.all(
        (["author", "publisher"] as const).map(async (role) => {
          const one = await session(role);
          return [role, () => one];
        }),
      ),
    ),
    "user token": (needs) => ({
      ...bearer(goodToken("u1")),
      ...(kindOf(needs) === "token" && { key: PUBLIC_KEY }),
    }),
  };
  const preview = async (headers: Record<string, string>, flow: string) =>
    ((await (await send("POST", "/v1/previews", { flow }, headers)).json()) as { token: string }).token;
  const previews = { here: await preview({}, "target"), there: await preview(staging, CANARY) };
  return { ...test, callers, previews };
}

/** Asks a route as this caller; the key goes where the route expects it. */
async function ask(
  test: Awaited<ReturnType<typeof world>>,
  route: string,
  needs: string,
  caller: Caller,
  elsewhere = false,
) {
  const [method = "", path = ""] = route.split(" ");
  const query = new URLSearchParams(QUERIES[route] ?? "");
  if (route === "GET /v1/preview") query.set("token", test.previews[elsewhere ? "there" : "here"]);
  // The token has the header to itself there.
  if (kindOf(needs) === "token" && caller.key !== undefined) query.set("key", caller.key);
  const body = method === "GET" || method === "DELETE" ? undefined : (BODIES[route]?.("") ?? {});
  const address = path.replace("{id}", "target").replace("{email}", "new@example.com");
  const response = await test.app.request(`${address}?${query}`, {
    method,
    headers: { ...(body === undefined ? {} : { "content-type": "application/json" }), ...caller.headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, text: await response.text() };
}

/** Neither a refusal of who asks, nor a failure. */
const isLetIn = (status: number, route: string) =>
  route === "POST /v1/session" ? status === 401 : ![401, 403].includes(status) && status < 500;

describe("the table in docs/security.md", () => {
  let test: Awaited<ReturnType<typeof world>>;
  beforeAll(async () => {
    test = await world();
  });

  it("names every route, and only those", async () => {
    const { paths } = (await (await test.app.request("/v1/openapi.json")).json()) as {
      paths: Record<string, object>;
    };
    const documented = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(ROUTES.map(({ route }) => route).sort()).toEqual(documented.sort());
    expect(ROUTES.length).toBeGreaterThanOrEqual(56);
    expect([...CALLERS.keys()].sort()).toEqual(Object.keys(test.callers).sort());
    expect(table("scope").map(([scope]) => scope)).toEqual([...SCOPES]);
    expect(table("role").map(([role]) => role)).toEqual(Object.keys(ROLE_SCOPES));
  });

  it("is what the server does, for every route and every caller", async () => {
    const wrong: string[] = [];
    const spilt: string[] = [];
    let asked = 0;
    let left = 0;
    for (const [row, { route, needs }] of ROUTES.entries())
      for (const [column, [name, answers]] of [...CALLERS].entries()) {
        const may = test.callers[name]?.(needs).scopes?.includes(needs) === true;
        const written = answers[kindOf(needs)] ?? "";
        const expected =
          written === "by role" ? (may ? "yes" : "403") : written === "its own" ? "yes" : written;
        // Who is let in may change something: they have a world of their own.
        const isSafe = route.startsWith("GET") || expected !== "yes";
        // A world takes long to make where it is a database: there each of these callers gets every sixth such route.
        if (!isSafe && isShortRun() && (row + column) % 6 !== 0) {
          left += 1;
          continue;
        }
        const fresh = isSafe ? test : await world();
        const { status, text } = await ask(
          fresh,
          route,
          needs,
          fresh.callers[name]?.(needs) ?? {},
          name.includes("another environment"),
        );
        asked += 1;
        const is = expected === "yes" ? isLetIn(status, route) : status === Number(expected);
        if (!is) wrong.push(`${route} as ${name}: ${status}, not ${expected}: ${text.slice(0, 120)}`);
        if (!name.includes("another environment") && text.includes(CANARY)) spilt.push(`${route} as ${name}`);
      }
    expect(wrong).toEqual([]);
    expect(spilt).toEqual([]);
    expect(asked + left).toBe(ROUTES.length * CALLERS.size);
    expect(asked).toBeGreaterThanOrEqual(600);
    expect(left === 0).toBe(!isShortRun());
  });

  it("lets who comes from another environment see that one, and nothing of this", async () => {
    const seen = await test.callers["secret key of another environment"]?.("");
    for (const { route, needs } of ROUTES.filter(
      ({ route }) => route.startsWith("GET") && !route.includes("{"),
    )) {
      const { text } = await ask(test, route, needs, seen ?? {});
      // The flow of production is called so; the other environment has none of that name.
      if (kindOf(needs) !== "any") expect([route, text.includes('"id":"target"')]).toEqual([route, false]);
    }
  });

  it("answers for a name of another environment as for one that does not exist, and changes nothing there", async () => {
    const { send } = test;
    const staging = { authorization: `Bearer ${OTHER_SECRET_KEY}` };
    const there = async () => {
      const paths = [
        "flows",
        `flows/${CANARY}/versions`,
        "features",
        "segments",
        "events",
        "keys",
        "signing-keys",
      ];
      const all = [
        ...paths,
        `users/${CANARY}/export`,
        `accounts/${CANARY}/export`,
        "config",
        "schedules",
        "audit",
      ];
      return await Promise.all(
        all.map(async (path) => (await send("GET", `/v1/${path}`, undefined, staging)).text()),
      );
    };
    const { keys } = (await (await send("GET", "/v1/keys", undefined, staging)).json()) as {
      keys: { id: string; name: string }[];
    };
    const { flows } = (await (await send("GET", "/v1/flows", undefined, staging)).json()) as {
      flows: object[];
    };
    expect(flows).toHaveLength(1);
    const key = keys.find(({ name }) => name === CANARY)?.id ?? "";
    expect(key).not.toBe("");
    const before = await there();
    const answer = async (route: string, id: string) => {
      const [method = "", path = ""] = route.split(" ");
      const body = method === "GET" || method === "DELETE" ? undefined : (BODIES[route]?.("") ?? {});
      const response = await send(method, path.replace("{id}", encodeURIComponent(id)), body);
      return `${response.status} ${(await response.text()).replaceAll(id, "ID")}`;
    };
    const routes = ROUTES.map(({ route }) => route).filter((route) => route.includes("{id}"));
    expect(routes.length).toBeGreaterThanOrEqual(25);
    for (const route of routes) {
      const id = /\/keys\//.test(route) ? key : CANARY;
      const unknown = await answer(
        route,
        id.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      );
      expect([route, await answer(route, id)]).toEqual([route, unknown]);
    }
    expect(await there()).toEqual(before);
  });

  it("holds a secret key that sends messages to its scope", async () => {
    const key = "sk_without_events:write_01234";
    for (const path of ["batch", "track", "identify", "group", "page"]) {
      const message = {
        type: path,
        userId: "u",
        groupId: "g",
        event: "e",
        messageId: path,
        timestamp: "2026-11-20T10:00:00Z",
      };
      const body = path === "batch" ? { batch: [] } : message;
      const status = async (bearer: string) =>
        (await test.send("POST", `/v1/${path}`, body, { authorization: `Bearer ${bearer}` })).status;
      expect([path, await status(key), await status(SECRET_KEY)]).toEqual([path, 403, 200]);
    }
  });

  it("closes what it does not name", async () => {
    for (const path of ["/v1/flows/a/b/c", "/v1/keys/a/b", "/v1/audit/1"])
      expect([path, (await test.send("GET", path)).status]).toEqual([path, 404]);
    for (const [method, path] of [
      ["PATCH", "/v1/flows/a"],
      ["POST", "/v1/settings"],
      ["DELETE", "/v1/audit"],
    ] as const)
      expect([path, (await test.send(method, path, method === "DELETE" ? undefined : {})).status]).toEqual([
        path,
        404,
      ]);
  });
});
