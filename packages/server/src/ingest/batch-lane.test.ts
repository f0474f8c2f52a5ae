import { createServer, type RequestListener, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { getRequestListener } from "@hono/node-server";
import { afterEach, describe, expect, it } from "vitest";
import { createTestServer, NOW, PUBLIC_KEY, SECRET_KEY } from "../../test/test-server.ts";
import { createRateLimits } from "../access/rate-limits.ts";
import { createMemoryStorage } from "../storage/memory/memory-storage.ts";
import { storeUnavailable } from "../storage/store-unavailable.ts";
import { createBatchLane } from "./batch-lane.ts";
import { createBodyBudget } from "./body-budget.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}
/** Sends it as it is, and gives back all of the answer that may be compared. */
function send(port: number, { method = "POST", path = "/v1/batch", headers = {}, body = "" }: Sent) {
  return new Promise((resolve, reject) => {
    const length = headers["transfer-encoding"] === undefined ? { "content-length": `${body.length}` } : {};
    const sent = request({ port, host: "127.0.0.1", method, path, headers: { ...length, ...headers } });
    sent.on("error", reject);
    sent.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => {
        const { "x-request-id": id, date: _, connection: __, "keep-alive": ___, ...rest } = response.headers;
        resolve({ status: response.statusCode, headers: { ...rest, hasId: id !== undefined }, text });
      });
    });
    sent.end(body);
  });
}

const bearer = { authorization: `Bearer ${SECRET_KEY}`, "content-type": "application/json" };
const track = { type: "track", messageId: "m1", event: "x", userId: "u", timestamp: "2026-11-20T10:00:00Z" };
const batch = JSON.stringify({ batch: [track, { ...track, messageId: 7 }, track] });
const bytes = Buffer.from(batch);

const TAKEN: readonly (readonly [string, Sent])[] = [
  ["a batch with a key in its header", { headers: bearer, body: batch }],
  [
    "a batch with a key in its body, as text",
    { headers: { "content-type": "text/plain" }, body: JSON.stringify({ writeKey: PUBLIC_KEY, batch: [] }) },
  ],
  [
    "a batch that belongs to a trace",
    {
      headers: { ...bearer, traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" },
      body: batch,
    },
  ],
  ["no content type", { headers: { authorization: bearer.authorization }, body: batch }],
  ["a wrong key", { headers: { ...bearer, authorization: "Bearer sk_wrong" }, body: batch }],
  ["no key", { body: batch }],
  ["no JSON", { headers: bearer, body: "{" }],
  ["a byte order mark", { headers: bearer, body: Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]) }],
  ["bytes that are no UTF-8", { headers: bearer, body: Buffer.from([34, 0xff, 34]) }],
  [
    "a byte that is no UTF-8 inside an id",
    { headers: bearer, body: Buffer.from(batch.replaceAll('"u"', '"u\xe9"'), "latin1") },
  ],
  [
    "a charset that is UTF-8",
    { headers: { ...bearer, "content-type": 'application/json; charset="utf-8"' }, body: batch },
  ],
  ["no object", { headers: bearer, body: "[]" }],
  ["deep nesting", { headers: bearer, body: "[".repeat(1_000) }],
  ["nothing", { headers: bearer }],
];
const LEFT: readonly (readonly [string, Sent])[] = [
  ["gzip", { headers: { ...bearer, "content-encoding": "gzip" }, body: gzipSync(batch) }],
  ["no size", { headers: { ...bearer, "transfer-encoding": "chunked" }, body: batch }],
  ["another content type", { headers: { ...bearer, "content-type": "text/html" }, body: batch }],
  [
    "another charset",
    { headers: { ...bearer, "content-type": "text/plain;charset=ISO-8859-1" }, body: batch },
  ],
  ["another method", { method: "GET", headers: bearer }],
  ["another address", { path: "/v1/track", headers: bearer, body: JSON.stringify(track) }],
  ["too much", { headers: bearer, body: " ".repeat(1_048_577) }],
];

describe("createBatchLane", () => {
  it.each([...TAKEN, ...LEFT])("answers %s as the app does", async (name, sent) => {
    const [lane, app] = [createTestServer(), createTestServer()];
    const take = createBatchLane(lane.deps);
    const taken: boolean[] = [];
    const fall = getRequestListener(lane.app.fetch);
    const withLane = await listen((req, res) => {
      const one = take(req, res);
      taken.push(one);
      if (!one) void fall(req, res);
    });
    const without = await listen(getRequestListener(app.app.fetch));
    expect(await send(withLane, sent)).toEqual(await send(without, sent));
    expect(taken).toEqual([TAKEN.some(([one]) => one === name)]);
  });

  it("says when to come again, and reports, where the store cannot write", async () => {
    const storage = {
      ...createMemoryStorage(),
      append: () => Promise.reject(storeUnavailable("Too many events are waiting.")),
    };
    const lane = createTestServer({ storage });
    const take = createBatchLane(lane.deps);
    const port = await listen((req, res) => void take(req, res));
    const answer = (await send(port, { headers: bearer, body: batch })) as Record<string, unknown>;
    expect(answer).toMatchObject({ status: 503, headers: { "retry-after": "1" } });
    expect(lane.reported).toHaveLength(1);
  });

  it("looks at nothing of what is sent while too much waits to be stored, nor does the app", async () => {
    const full = createTestServer({ isFull: () => true });
    const take = createBatchLane(full.deps);
    const fall = getRequestListener(full.app.fetch);
    const port = await listen((req, res) => {
      if (!take(req, res)) void fall(req, res);
    });
    for (const sent of [{ body: batch }, { headers: LEFT[0]?.[1].headers ?? {}, body: gzipSync(batch) }])
      expect(await send(port, sent)).toMatchObject({
        status: 503,
        headers: { "retry-after": "1" },
      });
  });

  describe("answers before anything of the body is there, as the app does", () => {
    const half = '{"batch":[';
    const plain = { "content-length": "1000" };
    const pieces = { "transfer-encoding": "chunked" };
    const packed = { ...plain, "content-encoding": "gzip" };
    it.each([
      ["a key that is not known", {}, { authorization: "Bearer sk_wrong" }, 401],
      ["a server that is full", { isFull: () => true }, {}, 503],
      [
        "an address that asks too often",
        { limits: createRateLimits({ address: { perSecond: 1, burst: 0 } }, () => NOW) },
        {},
        429,
      ],
      ["a budget that is spent", { bodies: createBodyBudget(half.length) }, {}, 503],
    ] as const)("%s", async (_, overrides, more, status) => {
      const { app, deps } = createTestServer(overrides);
      const take = createBatchLane(deps);
      const fall = getRequestListener(app.fetch);
      const port = await listen((req, res) => {
        if (!take(req, res)) void fall(req, res);
      });
      for (const size of [plain, pieces, packed])
        await new Promise<void>((resolve, reject) => {
          const headers = { "content-type": "application/json", ...size, ...more };
          const sent = request({ port, host: "127.0.0.1", method: "POST", path: "/v1/batch", headers });
          sent.on("error", reject);
          sent.on("response", (response) => {
            expect(response.statusCode).toBe(status);
            if (status === 503 || status === 429)
              expect(Number(response.headers["retry-after"])).toBeGreaterThan(0);
            sent.off("error", reject).on("error", () => {});
            sent.destroy();
            resolve();
          });
          // And never the rest.
          sent.write(half);
        });
    });
  });

  it("counts what a packed body becomes, and forgets what was counted once it is read", async () => {
    const bodies = createBodyBudget(3_000);
    const { app } = createTestServer({ bodies });
    const post = async (text: string) => {
      const headers = { ...bearer, "content-encoding": "gzip" };
      const body = new Uint8Array(gzipSync(text));
      return (await app.request("/v1/batch", { method: "POST", headers, body })).status;
    };
    for (let i = 0; i < 20; i++) expect(await post(batch)).toBe(200);
    expect(await post(batch + " ".repeat(10_000))).toBe(503);
    expect(await post(batch)).toBe(200);
  });

  it("counts an address once, and gives it back to a secret key in a body", async () => {
    const limits = createRateLimits({ address: { perSecond: 1, burst: 2 } }, () => NOW);
    const { deps, app } = createTestServer({ limits });
    const take = createBatchLane(deps);
    const fall = getRequestListener(app.fetch);
    const port = await listen((req, res) => {
      if (!take(req, res)) void fall(req, res);
    });
    const statuses = async (writeKey: string, times: number, headers = {}) => {
      const found: unknown[] = [];
      for (let i = 0; i < times; i++) {
        const text = JSON.stringify({ writeKey, batch: [] });
        found.push(((await send(port, { headers, body: text })) as { status: number }).status);
      }
      return found;
    };
    expect(await statuses(SECRET_KEY, 5)).toEqual(Array(5).fill(200));
    expect(await statuses(PUBLIC_KEY, 3)).toEqual([200, 200, 429]);
    expect(await statuses("", 3, { authorization: bearer.authorization })).toEqual(Array(3).fill(200));
  });

  it("counts a network of IPv6 as one address, and together with what the app counts", async () => {
    const test = createTestServer({
      storage: createMemoryStorage(),
      limits: createRateLimits({ address: { perSecond: 0.001, burst: 3 } }, () => NOW),
      trustedProxies: 1,
    });
    const lane = createBatchLane(test.deps);
    const app = getRequestListener(test.app.fetch);
    const port = await listen((incoming, response) => {
      if (!lane(incoming, response)) void app(incoming, response);
    });
    const body = JSON.stringify({ writeKey: PUBLIC_KEY, batch: [] });
    const from = async (address: string, packed = false) => {
      const headers = {
        "x-forwarded-for": address,
        "content-type": "application/json",
        ...(packed ? { "content-encoding": "gzip" } : {}),
      };
      const sent = await send(port, { headers, body: packed ? gzipSync(body) : body });
      return (sent as { readonly status: number }).status;
    };
    expect(await from("2001:db8:0:1::1")).toBe(200);
    expect(await from("2001:db8:0:1::2", true)).toBe(200);
    expect(await from("2001:db8:0:1::3")).toBe(200);
    expect(await from("2001:db8:0:1::4")).toBe(429);
    expect(await from("2001:db8:0:1::5", true)).toBe(429);
    expect(await from("2001:db8:0:2::1")).toBe(200);
  });

  it("leaves everything to the app on a demo server", async () => {
    const { deps } = createTestServer({ demo: true });
    const take = createBatchLane(deps);
    let taken: boolean | undefined;
    const port = await listen((req, res) => {
      taken = take(req, res);
      res.end();
    });
    await send(port, { headers: bearer, body: batch });
    expect(taken).toBe(false);
  });
});
