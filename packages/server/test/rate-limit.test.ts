import { describe, expect, it } from "vitest";
import { clientAddress } from "../src/access/identify-caller.ts";
import { createRateLimiter, createRateLimits } from "../src/access/rate-limits.ts";
import { createTestServer, NOW, PUBLIC_KEY, SECRET_KEY } from "./test-server.ts";

describe("a rate limit", () => {
  it("lets exactly as many through as it says, however many come at once", async () => {
    for (const kind of ["key", "address"] as const) {
      const limits = createRateLimits(
        { address: null, key: null, [kind]: { perSecond: 1, burst: 50 } },
        () => NOW,
      );
      const { app, deps } = createTestServer({ limits });
      const body = (i: number) =>
        JSON.stringify({
          writeKey: PUBLIC_KEY,
          batch: [{ type: "track", event: "a", userId: "u", messageId: `m${i}` }],
        });
      const answers = await Promise.all(
        Array.from({ length: 200 }, (_, i) => app.request("/v1/batch", { method: "POST", body: body(i) })),
      );
      const passed = answers.filter(({ status }) => status === 200);
      const refused = answers.filter(({ status }) => status === 429);
      expect([passed.length, refused.length]).toEqual([50, 150]);
      for (const one of refused) expect(Number(one.headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
      expect(await refused[0]?.json()).toMatchObject({ error: { code: "rate-limited" } });
      let stored = 0;
      for await (const chunk of deps.storage.events("production", {})) stored += chunk.length;
      expect(stored).toBe(50);
    }
  });

  it("counts all addresses of one IPv6 network as one", async () => {
    const limits = createRateLimits({ address: { perSecond: 1, burst: 5 } }, () => NOW);
    let peer = "";
    const { app } = createTestServer({ limits, peer: () => peer });
    const from = async (address: string) => {
      peer = address;
      return (await app.request(`/v1/config?key=${PUBLIC_KEY}`)).status;
    };
    const answers: number[] = [];
    for (let i = 1; i <= 7; i++) answers.push(await from(`2001:db8:0:1::${i}`));
    expect(answers).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect(await from("2001:db8:0:2::1")).toBe(200);
    expect(await from("::ffff:203.0.113.7")).toBe(200);
  });

  it("holds back who guesses keys, and never a server with a secret key behind the same address", async () => {
    const limits = createRateLimits({ address: { perSecond: 1, burst: 5 } }, () => NOW);
    const { app, send } = createTestServer({ limits });
    const guess = async (i: number) =>
      (await app.request("/v1/flows", { headers: { authorization: `Bearer sk_guess${i}` } })).status;
    expect(await Promise.all(Array.from({ length: 8 }, (_, i) => guess(i)))).toEqual([
      401, 401, 401, 401, 401, 429, 429, 429,
    ]);
    expect(
      (await send("GET", "/v1/flows", undefined, { authorization: `Bearer ${SECRET_KEY}` })).status,
    ).toBe(200);
  });

  it("fills again as time goes by, up to its burst", () => {
    let now = NOW;
    const limiter = createRateLimiter({ perSecond: 2, burst: 3 }, () => now);
    const take = (n: number) => Array.from({ length: n }, () => limiter.take("a"));
    expect(take(5)).toEqual([0, 0, 0, 1, 1]);
    expect(limiter.take("b")).toBe(0);
    now += 500;
    expect(take(2)).toEqual([0, 1]);
    now -= 10_000;
    expect(take(1)).toEqual([1]);
    now += 3_600_000;
    expect(take(4)).toEqual([0, 0, 0, 1]);
  });

  it("says how long to wait where that is long", () => {
    const limiter = createRateLimiter({ perSecond: 1 / 120, burst: 1 }, () => NOW);
    expect([limiter.take("a"), limiter.take("a")]).toEqual([0, 120]);
  });

  it("remembers no more names than it must", () => {
    const limiter = createRateLimiter({ perSecond: 0.001, burst: 1 }, () => NOW);
    for (let i = 0; i < 400_000; i++) limiter.take(`name ${i}`);
    // A name that is not remembered may come as if for the first time.
    let remembered = 0;
    while (limiter.take(`name ${399_999 - remembered}`) > 0) remembered += 1;
    expect(remembered).toBeGreaterThan(10_000);
    expect(remembered).toBeLessThanOrEqual(100_000);
  });

  it("is taken from the address that a trusted proxy saw, and from no other", () => {
    expect(clientAddress("10.0.0.1", undefined, 1)).toBe("10.0.0.1");
    expect(clientAddress("10.0.0.1", "6.6.6.6, 1.2.3.4", 0)).toBe("10.0.0.1");
    expect(clientAddress("10.0.0.1", "6.6.6.6, 1.2.3.4", 1)).toBe("1.2.3.4");
    expect(clientAddress("10.0.0.1", "6.6.6.6, 1.2.3.4, 10.0.0.2", 2)).toBe("1.2.3.4");
    expect(clientAddress("10.0.0.1", "1.2.3.4", 3)).toBe("10.0.0.1");
  });
});
