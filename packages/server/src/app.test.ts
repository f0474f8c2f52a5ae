import { hc } from "hono/client";
import { describe, expect, it } from "vitest";
import {
  createTestServer,
  NOW,
  OTHER_SECRET_KEY,
  PUBLIC_KEY,
  SECRET_KEY,
  tooltip,
} from "../test/test-server.ts";
import type { AppType } from "./app.ts";

describe("GET /readyz", () => {
  it("writes once in a second, however many ask, and then looks anew", async () => {
    let at = NOW;
    let [probes, broken] = [0, false];
    const { deps } = createTestServer();
    const probe = async () => {
      probes += 1;
      if (broken) throw new Error("no room");
    };
    const { app } = createTestServer({ now: () => at, storage: { ...deps.storage, probe } });
    const ask = async () => (await app.request("/readyz")).status;
    expect(new Set(await Promise.all(Array.from({ length: 50 }, ask)))).toEqual(new Set([200]));
    broken = true;
    at += 999;
    expect([await ask(), probes]).toEqual([200, 1]);
    at += 1;
    expect([await ask(), await ask(), probes]).toEqual([503, 503, 2]);
    broken = false;
    at += 1_000;
    expect([await ask(), probes]).toEqual([200, 3]);
  });
});

describe("one flow's way through the API", () => {
  it("goes from draft to config and back to an older version", async () => {
    const { app, send } = createTestServer();
    const client = hc<AppType>("http://localhost", {
      headers: { authorization: `Bearer ${SECRET_KEY}` },
      fetch: app.request as typeof fetch,
    });
    expect((await send("PUT", "/v1/flows/first", tooltip("first", { name: "One" }))).status).toBe(201);
    const configOf = async () =>
      (await (await app.request(`/v1/config?key=${PUBLIC_KEY}`)).json()) as { flows: { name: string }[] };
    expect((await configOf()).flows).toEqual([]);

    const published = await client.v1.flows[":id"].publish.$post({
      param: { id: "first" },
      header: {},
      json: {},
    });
    expect(await published.json()).toMatchObject({ id: "first", version: 1 });
    await send("PUT", "/v1/flows/first", tooltip("first", { name: "Two" }));
    const list = await client.v1.flows.$get({ query: {} });
    if (!list.ok) throw new Error("no list");
    expect((await list.json()).flows[0]?.state).toBe("changed");
    await send("POST", "/v1/flows/first/publish", { note: "better" });
    expect((await configOf()).flows[0]?.name).toBe("Two");

    await send("POST", "/v1/flows/first/rollback", { version: 1 });
    const config = await configOf();
    expect(config.flows[0]).toMatchObject({ name: "One", version: 3 });
  });

  it("shows nothing of it to another environment", async () => {
    const { send } = createTestServer();
    await send("PUT", "/v1/flows/first", tooltip("first"));
    const other = { authorization: `Bearer ${OTHER_SECRET_KEY}` };
    expect((await send("GET", "/v1/flows/first", undefined, other)).status).toBe(404);
    expect(await (await send("GET", "/v1/flows", undefined, other)).json()).toEqual({ flows: [] });
  });
});
