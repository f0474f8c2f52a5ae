import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createTestServer, PUBLIC_KEY, SECRET_KEY } from "../../test/test-server.ts";
import { goodToken, installKeys } from "../../test/user-token.ts";

const track = (messageId: string, more: object = {}) => ({
  type: "track",
  messageId,
  event: "report.viewed",
  userId: "u1",
  timestamp: "2026-11-20T10:00:00.000Z",
  ...more,
});
const lines = async (response: Response) =>
  (await response.text())
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe("POST /v1/batch", () => {
  it("takes a public key in the body, as text/plain, without a preflight", async () => {
    const { app, send } = createTestServer();
    const response = await app.request("/v1/batch", {
      method: "POST",
      headers: { "content-type": "text/plain;charset=UTF-8" },
      body: JSON.stringify({
        writeKey: PUBLIC_KEY,
        sentAt: "2026-11-20T12:00:00Z",
        batch: [track("m1"), track("m1")],
      }),
    });
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(await response.json()).toEqual({ accepted: 1, duplicate: 1, rejected: [] });
    expect(await lines(await send("GET", "/v1/events"))).toEqual([
      { ...track("m1"), receivedAt: "2026-11-20T12:00:00.000Z", verified: false },
    ]);
  });

  it("takes the key as Segment's clients send it, and trusts a secret one", async () => {
    const { app, send } = createTestServer();
    const basic = `Basic ${Buffer.from(`${SECRET_KEY}:`).toString("base64")}`;
    const response = await app.request("/v1/batch", {
      method: "POST",
      headers: { "content-type": "application/json", authorization: basic },
      body: JSON.stringify({ batch: [track("m1")] }),
    });
    expect(response.status).toBe(200);
    expect((await lines(await send("GET", "/v1/events")))[0]?.verified).toBe(true);
  });

  it("rejects only the bad events, by id and place", async () => {
    const { send } = createTestServer();
    const batch = [
      track("good"),
      track("bad-time", { timestamp: "soon" }),
      { type: "alias", messageId: "bad-type", userId: "u1" },
      7,
      JSON.parse(
        '{"type":"track","messageId":"evil","event":"x","userId":"u","properties":{"__proto__":{"a":1}}}',
      ),
      track("mine", { event: "cairn.made.up" }),
      track("also-good"),
    ];
    const response = await send("POST", "/v1/batch", JSON.stringify({ batch }));
    const answer = (await response.json()) as {
      accepted: number;
      rejected: { id: string | null; index: number; code: string }[];
    };
    expect(response.status).toBe(200);
    expect(answer.accepted).toBe(2);
    expect(answer.rejected.map(({ id, index, code }) => [id, index, code])).toEqual([
      ["bad-time", 1, "bad-date"],
      ["bad-type", 2, "not-allowed-value"],
      [null, 3, "wrong-type"],
      ["evil", 4, "forbidden-key"],
      ["mine", 5, "reserved-name"],
    ]);
  });

  it.each([
    ["malformed JSON", '{"batch":[', 400, "malformed-json"],
    ["a list", "[]", 400, "bad-request"],
    ["no batch", "{}", 400, "bad-request"],
    ["a bomb of brackets", `{"batch":${"[".repeat(100_000)}`, 400, "bad-request"],
    ["too many messages", `{"batch":[${"1,".repeat(2_000)}1]}`, 413, "too-large"],
    ["too many bytes", `{"batch":["${"x".repeat(1_100_000)}"]}`, 413, "too-large"],
  ])("answers %s with a clear code", async (_, body, status, code) => {
    const { send } = createTestServer();
    const response = await send("POST", "/v1/batch", body);
    expect([response.status, ((await response.json()) as { error: { code: string } }).error.code]).toEqual([
      status,
      code,
    ]);
  });

  it("refuses a body that does not say its size once it is too long", async () => {
    const { app } = createTestServer();
    let pulled = 0;
    const body = new ReadableStream({
      pull(controller) {
        pulled += 1;
        if (pulled > 1_000) controller.close();
        else controller.enqueue(new Uint8Array(65_536));
      },
    });
    const response = await app.request("/v1/batch", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
      duplex: "half",
    } as RequestInit);
    expect(response.status).toBe(413);
    expect(pulled).toBeLessThan(100);
  });

  it("unpacks gzip, and a bomb no further than the limit", async () => {
    const { app } = createTestServer();
    const post = async (body: Uint8Array<ArrayBuffer>, encoding = "gzip") =>
      await app.request("/v1/batch", {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "content-encoding": encoding,
          authorization: `Bearer ${SECRET_KEY}`,
        },
        body,
      });
    const zip = (text: string) => new Uint8Array(gzipSync(text));
    expect(await (await post(zip(JSON.stringify({ batch: [track("m1")] })))).json()).toMatchObject({
      accepted: 1,
    });
    expect((await post(zip(`{"batch":["${" ".repeat(50_000_000)}"]}`))).status).toBe(413);
    expect((await post(new TextEncoder().encode("{}"))).status).toBe(400);
    expect((await post(zip("{}"), "deflate")).status).toBe(415);
  });

  it("refuses other content types", async () => {
    const { send } = createTestServer();
    expect(
      (await send("POST", "/v1/batch", "a=1", { "content-type": "application/x-www-form-urlencoded" }))
        .status,
    ).toBe(415);
  });

  it.each([
    ["plain", ""],
    ["packed", "gzip"],
  ])("never makes one person of two whose ids are not UTF-8: %s", async (_, encoding) => {
    const { app, send } = createTestServer();
    const post = async (text: string, type = "application/json") => {
      const bytes = Buffer.from(text, "latin1");
      const response = await app.request("/v1/batch", {
        method: "POST",
        headers: {
          "content-type": type,
          authorization: `Bearer ${SECRET_KEY}`,
          ...(encoding === "" ? {} : { "content-encoding": encoding }),
        },
        body: new Uint8Array(encoding === "" ? bytes : gzipSync(bytes)),
      });
      return [response.status, ((await response.json()) as { error?: { code: string } }).error?.code];
    };
    const batch = (userId: string) => JSON.stringify({ batch: [track(`m${userId}`, { userId })] });
    const wrong = ["u\xe9", "u\xe8", "u\xc0\xaf", "u\xed\xa0\x80", "u\xf4\x90\x80\x80", "\xe2\x82"];
    for (const userId of wrong) expect(await post(batch(userId))).toEqual([400, "malformed-json"]);
    for (const charset of ["iso-8859-1", '"UTF-16"', " windows-1252; x=y"])
      expect(await post(batch("u"), `application/json; charset=${charset}`)).toEqual([
        415,
        "unsupported-media-type",
      ]);
    expect(await lines(await send("GET", "/v1/events"))).toEqual([]);
    expect(await post(batch("u\xc3\xa9"), "application/json; Charset=UTF-8")).toEqual([200, undefined]);
    expect((await lines(await send("GET", "/v1/events"))).map(({ userId }) => userId)).toEqual(["ué"]);
  });

  it("answers 503 with Retry-After when the store cannot write", async () => {
    const { deps } = createTestServer();
    const { storeUnavailable } = await import("../storage/store-unavailable.ts");
    const storage = { ...deps.storage, append: () => Promise.reject(storeUnavailable("The disk is full.")) };
    const { send, reported } = createTestServer({ storage });
    const response = await send("POST", "/v1/batch", { batch: [track("m1")] });
    expect(response.status).toBe(503);
    expect(response.headers.get("retry-after")).toBe("1");
    expect(reported).toHaveLength(1);
  });

  it("answers a preflight for pages that send JSON", async () => {
    const { app } = createTestServer();
    const response = await app.request("/v1/batch", {
      method: "OPTIONS",
      headers: { origin: "https://app.test" },
    });
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-headers")).toBe("Content-Type");
  });
});

describe("single messages", () => {
  it("are stored as their address says, with id and time filled in", async () => {
    const { send } = createTestServer();
    await send("POST", "/v1/track", { event: "report.viewed", userId: "u1" });
    await send("POST", "/v1/identify", { userId: "u1", traits: { role: "admin" } });
    await send("POST", "/v1/group", { userId: "u1", groupId: "a1", traits: { plan: "pro" } });
    await send("POST", "/v1/page", { userId: "u1", name: "Home", writeKey: SECRET_KEY });
    const stored = await lines(await send("GET", "/v1/events"));
    expect(stored.map(({ type }) => type).sort()).toEqual(["group", "identify", "page", "track"]);
    expect(
      stored.every((line) => line.timestamp === "2026-11-20T12:00:00.000Z" && !("writeKey" in line)),
    ).toBe(true);
    expect(new Set(stored.map(({ messageId }) => messageId)).size).toBe(4);
  });
});

describe("a single message with a user token", () => {
  it("is that person's and verified, is refused with a bad one, and never kept with its token", async () => {
    const { app, send, deps } = createTestServer();
    await installKeys(deps.storage);
    const track = (userId: string, token: unknown) =>
      app.request("/v1/track", {
        method: "POST",
        body: JSON.stringify({ writeKey: PUBLIC_KEY, messageId: userId, userId, event: "x", token }),
      });
    const token = goodToken("ana");
    expect((await track("ana", token)).status).toBe(200);
    expect((await track("ben", token)).status).toBe(200);
    for (const bad of [`${token}x`, 7, "a.b.c"]) expect((await track("cleo", bad)).status).toBe(401);
    const stored = await lines(await send("GET", "/v1/events"));
    expect(stored.map(({ userId, verified }) => [userId, verified])).toEqual([
      ["ana", true],
      ["ben", false],
    ]);
    expect(JSON.stringify(stored)).not.toContain(token);
  });
});

describe("GET /v1/events", () => {
  it("orders by time and id, from inclusive, to exclusive, and filters", async () => {
    const { send } = createTestServer();
    const at = (hour: number) => ({ timestamp: `2026-11-20T0${hour}:00:00.000Z` });
    await send("POST", "/v1/batch", {
      batch: [
        track("c", at(3)),
        track("b", at(2)),
        track("a", { ...at(2), userId: "u2", context: { groupId: "a1" } }),
        track("d", { ...at(4), event: "other" }),
      ],
    });
    const ids = async (query: string) =>
      (await lines(await send("GET", `/v1/events${query}`))).map(({ messageId }) => messageId);
    expect(await ids("")).toEqual(["a", "b", "c", "d"]);
    expect(await ids("?from=2026-11-20T02:00:00Z&to=2026-11-20T04:00:00Z")).toEqual(["a", "b", "c"]);
    expect(await ids("?from=2026-11-20T05:00:00%2B02:00")).toEqual(["c", "d"]);
    expect(await ids("?name=other")).toEqual(["d"]);
    expect(await ids("?user=u2")).toEqual(["a"]);
    expect(await ids("?account=a1")).toEqual(["a"]);
    expect((await send("GET", "/v1/events?from=yesterday")).status).toBe(400);
  });
});
