import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ERROR_CODES, httpError, toErrorAnswer } from "../src/errors.ts";
import { EXAMPLES, FLOW, readCurl, toCurl } from "./api-reference/examples.ts";
import { type Document, renderReference } from "./api-reference/render.ts";
import { createTestServer, NOW, PUBLIC_KEY, SECRET_KEY } from "./test-server.ts";
import { goodToken, HS_KEY } from "./user-token.ts";

const PAGE = new URL("../../../docs/api.md", import.meta.url);
const PASSWORD = "a long and secret one";

/** A server in which there is something behind each example's address. */
async function world() {
  const test = createTestServer();
  const { send, deps } = test;
  const put = async (method: string, path: string, body?: unknown) => {
    const response = await send(method, path, body);
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return response.status === 204 ? {} : ((await response.json()) as Record<string, unknown>);
  };
  await put("PUT", "/v1/flows/first-export", FLOW);
  await put("POST", "/v1/flows/first-export/publish", {});
  await put("PUT", "/v1/flows/asked-hint", { ...FLOW, id: "asked-hint" });
  await put("POST", "/v1/flows/asked-hint/ask", {});
  await put("PUT", "/v1/flows/archived-hint", { ...FLOW, id: "archived-hint" });
  await put("POST", "/v1/flows/archived-hint/archive", {});
  const { scheduled } = await put("POST", "/v1/publish", {
    flows: ["first-export"],
    at: "2026-11-30T09:00:00Z",
  });
  const { token: preview } = await put("POST", "/v1/previews", { flow: "first-export" });
  const { id: key } = await put("POST", "/v1/keys", { kind: "public" });
  await put("PUT", "/v1/features/report-export", {
    id: "report-export",
    name: "Export",
    uses: [{ event: "report.exported" }],
    activated: { count: 3, within: "14d" },
  });
  await put("PUT", "/v1/segments/trial-admins", {
    id: "trial-admins",
    where: { account: { plan: "trial" } },
  });
  await put("PUT", "/v1/settings", {});
  await put("POST", "/v1/track", { userId: "anna", event: "report.exported" });
  const { session, csrf } = await signedIn(test);
  const signing = {
    collection: "signing-key",
    id: HS_KEY.kid,
    expected: 0,
    body: JSON.stringify(HS_KEY),
  } as const;
  await deps.storage.writeDocument("production", signing, NOW);
  const variables = {
    CAIRN: "",
    SECRET_KEY,
    PUBLIC_KEY,
    PREVIEW_TOKEN: String(preview),
    USER_TOKEN: goodToken("anna"),
    STATE: "",
    SCHEDULE: (scheduled as { id: string }).id,
    KEY_ID: String(key),
    KID: HS_KEY.kid,
    SESSION: session,
    CSRF: csrf,
  };
  return { ...test, variables };
}

async function signedIn({ app, send }: ReturnType<typeof createTestServer>) {
  await send("PUT", "/v1/people/anna@example.com", { role: "author", password: PASSWORD });
  const entered = await app.request("/v1/session", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email: "anna@example.com", password: PASSWORD }),
  });
  const { csrf } = (await entered.json()) as { csrf: string };
  return { session: /cairn_session=([^;]+)/.exec(entered.headers.get("set-cookie") ?? "")?.[1] ?? "", csrf };
}

async function documentOf(test: ReturnType<typeof createTestServer>): Promise<Document> {
  return (await (await test.app.request("/v1/openapi.json")).json()) as Document;
}

function errorRows(): readonly string[] {
  const codes = new Map<number, string[]>();
  for (const code of ERROR_CODES) {
    const { status } = toErrorAnswer(httpError(code, ""));
    codes.set(status, [...(codes.get(status) ?? []), `\`${code}\``]);
  }
  return [...codes].sort(([a], [b]) => a - b).map(([status, names]) => `| ${status} | ${names.join(" ")} |`);
}

describe("docs/api.md", () => {
  it("is what the routes say of themselves", async () => {
    const page = renderReference(await documentOf(createTestServer()), errorRows());
    if (process.env.CAIRN_WRITE_DOCS === "1") writeFileSync(PAGE, page);
    expect(readFileSync(PAGE, "utf8"), "run `pnpm --filter @cairn/server run docs`").toBe(page);
  });

  it("has an example for each route and for no other, and each does what it says", async () => {
    const { paths } = await documentOf(createTestServer());
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(Object.keys(EXAMPLES).sort()).toEqual(routes.sort());
    const wrong: string[] = [];
    const test = await world();
    // What is put away, and then what is deleted, is missed by nobody after it; plans go before what they name.
    const late = (route: string) =>
      route.endsWith("/archive") || route === "DELETE /v1/schedules/{id}"
        ? 1
        : route.startsWith("DELETE")
          ? 2
          : 0;
    for (const [route, example] of Object.entries(EXAMPLES).sort(([x], [y]) => late(x) - late(y))) {
      const { url, method, headers, body } = readCurl(toCurl(route, example), test.variables);
      // A device's own state is no line that one writes by hand.
      if (route === "PUT /v1/state") continue;
      // The revision that an author has read stands there as 1.
      if (headers["if-match"] !== undefined)
        headers["if-match"] = (await test.send("GET", url)).headers.get("etag") ?? "";
      const response = await test.app.request(url, { method, headers, ...(body !== undefined && { body }) });
      const { status = 200 } = example;
      if (response.status === 202) {
        const { scheduled } = (await response.clone().json()) as { scheduled: { id: string } };
        await test.send("DELETE", `/v1/schedules/${scheduled.id}`);
      }
      if (response.status !== status)
        wrong.push(`${route}: ${response.status}, not ${status}: ${await response.text()}`);
    }
    expect(wrong).toEqual([]);
  });
});
