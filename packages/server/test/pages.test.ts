import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningServer, serve } from "../src/node.ts";
import { createMemoryStorage } from "../src/storage/memory/memory-storage.ts";

const folder = mkdtempSync(join(tmpdir(), "cairn-pages-"));
let server: RunningServer;
beforeAll(async () => {
  const write = (path: string, text: string) => {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  write("sdk/cairn.js", "/* loader */".repeat(50));
  write("sdk/boot-cff654.js", "export {}");
  write("sdk/boot-0badcafe.js", "newest");
  write("sdk/release.json", '{"version":"1.3.0","integrity":"sha384-x"}');
  write("sdk/1.2.9/cairn.js", "/* earlier loader */");
  write("sdk/1.2.9/boot-12345678.js", "earlier");
  write("studio/index.html", "<title>Studio</title>");
  write("demo/index.html", "<title>Demo</title>");
  write("demo/app-12345678.js", "run()");
  write("demo/.secret", "no");
  write("outside.js", "no");
  server = await serve({
    port: 0,
    demo: true,
    storage: createMemoryStorage(),
    sdkDir: join(folder, "sdk"),
    studioDir: join(folder, "studio"),
    demoDir: join(folder, "demo"),
  });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});
const get = (path: string, init: RequestInit = {}) =>
  fetch(`${server.url}${path}`, { redirect: "manual", ...init });

describe("the SDK's files", () => {
  it("may be loaded by a page on any origin, the loader for minutes, chunks for ever", async () => {
    const loader = await get("/v1/cairn.js");
    expect(Object.fromEntries(loader.headers)).toMatchObject({
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "cross-origin",
      "content-type": "text/javascript; charset=utf-8",
      "cache-control": "public, max-age=300, stale-while-revalidate=3600",
      "x-content-type-options": "nosniff",
    });
    const chunk = await get("/v1/boot-cff654.js");
    expect(chunk.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    expect(chunk.headers.get("access-control-allow-origin")).toBe("*");
  });

  it("of one release are served for ever under its number, and no other's", async () => {
    for (const [path, text] of [
      ["/1.3.0/cairn.js", "/* loader */"],
      ["/1.3.0/boot-0badcafe.js", "newest"],
      ["/1.2.9/cairn.js", "/* earlier loader */"],
      ["/1.3.0/release.json", "sha384-x"],
    ] as const) {
      const answer = await get(path);
      expect(answer.status, path).toBe(200);
      expect(await answer.text()).toContain(text);
      expect(answer.headers.get("cache-control"), path).toBe("public, max-age=31536000, immutable");
      expect(answer.headers.get("access-control-allow-origin")).toBe("*");
    }
    for (const path of ["/1.3.1/cairn.js", "/1.2.9/boot-0badcafe.js", "/1.2.9/../cairn.js", "/1.3/cairn.js"])
      expect((await get(path)).status, path).toBe(404);
  });

  it("of an earlier release are there for pages whose loader is still that one's", async () => {
    expect(await (await get("/v1/boot-12345678.js")).text()).toBe("earlier");
    expect((await get("/v1/boot-87654321.js")).status).toBe(404);
    const release = await get("/v1/release.json");
    expect(await release.json()).toEqual({ version: "1.3.0", integrity: "sha384-x" });
    expect(release.headers.get("cache-control")).toContain("max-age=300");
  });

  it("come compressed, and not again to who has them", async () => {
    const { request } = await import("node:http");
    const raw = await new Promise<{ encoding: string | undefined; body: Buffer }>((resolve, reject) => {
      request(`${server.url}/v1/cairn.js`, { headers: { "accept-encoding": "gzip, br" } }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ encoding: response.headers["content-encoding"], body: Buffer.concat(chunks) }),
        );
      })
        .on("error", reject)
        .end();
    });
    expect(raw.encoding).toBe("br");
    expect(brotliDecompressSync(raw.body).toString()).toBe("/* loader */".repeat(50));
    const etag = (await get("/v1/cairn.js")).headers.get("etag") ?? "";
    expect((await get("/v1/cairn.js", { headers: { "if-none-match": etag } })).status).toBe(304);
  });

  it("change when the file does, without a restart", async () => {
    writeFileSync(join(folder, "sdk/changing.js"), "one");
    expect(await (await get("/v1/changing.js")).text()).toBe("one");
    writeFileSync(join(folder, "sdk/changing.js"), "second");
    expect(await (await get("/v1/changing.js")).text()).toBe("second");
  });
});

describe("the pages", () => {
  it("send their own routes to index.html, and miss files that are not there", async () => {
    expect(await (await get("/demo/reports/42")).text()).toBe("<title>Demo</title>");
    expect(await (await get("/studio/")).text()).toBe("<title>Studio</title>");
    expect((await get("/demo")).headers.get("location")).toBe("/demo/");
    expect((await get("/")).headers.get("location")).toBe("/demo/");
    expect((await get("/demo/none.js")).status).toBe(404);
    expect((await get("/v1/none.js")).status).toBe(404);
  });

  it("carry strict policies", async () => {
    const demo = (await get("/demo/")).headers.get("content-security-policy") ?? "";
    expect(demo).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
    expect(demo).not.toContain("unsafe");
    const studio = (await get("/studio/")).headers.get("content-security-policy") ?? "";
    expect(studio).toContain("script-src 'self';");
    expect(studio).not.toContain("unsafe-eval");
  });

  it("are looked at again, but for what has its hash in the name", async () => {
    expect((await get("/demo/")).headers.get("cache-control")).toBe("no-cache");
    expect((await get("/demo/app-12345678.js")).headers.get("cache-control")).toContain("immutable");
  });

  it("never reach outside their folder", async () => {
    for (const path of [
      "/v1/..%2foutside.js",
      "/v1/%2e%2e/outside.js",
      "/demo/.secret",
      "/demo/%2e%2e%2foutside.js",
      "/demo/%00.js",
      "/demo/%",
    ])
      expect([path, [400, 404].includes((await get(path)).status)]).toEqual([path, true]);
  });

  it("give the demo key to the studio on this machine", async () => {
    expect(await (await get("/studio/session.json")).json()).toMatchObject({ key: "sk_demo" });
    const config = await get("/v1/config?key=pk_demo");
    expect([config.status, await config.json()]).toMatchObject([200, { environment: "demo", flows: [] }]);
    expect((await get("/readyz")).status).toBe(200);
  });
});

describe("serve", () => {
  it("says which port is taken", async () => {
    const port = Number(new URL(server.url).port);
    await expect(serve({ port, storage: createMemoryStorage() })).rejects.toThrow(/EADDRINUSE/);
  });

  it("makes a pair of keys once, tells it once, and keeps only hashes", async () => {
    const storage = createMemoryStorage();
    const told: { publicKey: string; secretKey: string }[] = [];
    const first = await serve({ port: 0, storage, onNewKeys: (keys) => told.push(keys) });
    const flows = await fetch(`${first.url}/v1/flows`, {
      headers: { authorization: `Bearer ${told[0]?.secretKey}` },
    });
    expect(flows.status).toBe(200);
    expect((await fetch(`${first.url}/v1/config?key=pk_demo`)).status).toBe(401);
    await first.close();
    const second = await serve({ port: 0, storage, onNewKeys: (keys) => told.push(keys) });
    expect((await fetch(`${second.url}/v1/config?key=${told[0]?.publicKey}`)).status).toBe(200);
    await second.close();
    expect(told).toHaveLength(1);
    expect(JSON.stringify(await storage.keys())).not.toContain(told[0]?.secretKey);
  });
});
