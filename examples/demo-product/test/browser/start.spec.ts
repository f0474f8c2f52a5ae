import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "@playwright/test";
import { startProduct } from "./start-product.ts";

const root = fileURLToPath(new URL("../../../..", import.meta.url));

const message = (id: string) => ({
  type: "track",
  messageId: id,
  timestamp: new Date().toISOString(),
  userId: "kill-9",
  event: "report.viewed",
});

const post = (url: string, body: unknown) =>
  fetch(`${url}/v1/batch`, {
    method: "POST",
    headers: { "Content-Type": "text/plain" },
    body: JSON.stringify(body),
  });

const secret = { headers: { Authorization: "Bearer sk_demo" } };

test("npm start answers everywhere, keeps what it acknowledged through kill -9, and ends with 0 on Ctrl-C", async () => {
  const first = await startProduct();
  for (const path of [
    "/readyz",
    "/livez",
    "/v1/config?key=pk_demo",
    "/demo/",
    "/studio/",
    "/v1/cairn.js",
    "/v1/schema/flow.json",
    "/v1/openapi.json",
  ]) {
    expect((await fetch(first.url + path)).status, path).toBe(200);
  }
  const ids = Array.from({ length: 40 }, (_, index) => `kill-${index}`);
  const answer = await post(first.url, { writeKey: "pk_demo", batch: ids.map(message) });
  expect(await answer.json()).toEqual({ accepted: 40, duplicate: 0, rejected: [] });
  expect(await first.stop("SIGKILL")).toBe("SIGKILL");

  const second = await startProduct({ dataDir: first.dataDir });
  const stored = await (await fetch(`${second.url}/v1/events?user=kill-9`, secret)).text();
  expect(
    stored
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).messageId)
      .sort(),
  ).toEqual([...ids].sort());
  const again = await post(second.url, { writeKey: "pk_demo", batch: ids.map(message) });
  expect(await again.json()).toEqual({ accepted: 0, duplicate: 40, rejected: [] });
  expect(await second.stop("SIGINT")).toBe(0);
});

test("npm start says which variable is wrong, and what to write, before it builds anything", () => {
  const started = (env: Record<string, string>) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/start.mjs"], {
      cwd: root,
      env: { ...process.env, ...env },
      encoding: "utf8",
    });
    return { status, stdout, said: stderr.trim() };
  };
  for (const port of ["abc", "99999", "80.5", "-1"])
    expect(started({ PORT: port })).toEqual({
      status: 1,
      stdout: "",
      said: `PORT is "${port}", which is no port. Write a number: PORT=8800 npm start`,
    });
  const file = join(root, "package.json");
  for (const [dir, code] of [
    [file, "EEXIST"],
    [join(file, "data"), "ENOTDIR"],
  ] as const)
    expect(started({ CAIRN_DATA_DIR: dir })).toEqual({
      status: 1,
      stdout: "",
      said: `${dir} is no folder that can be written (${code}). Choose another: CAIRN_DATA_DIR=.data npm start`,
    });
});

test("bad input gets a clear answer, and only the bad part is refused", async () => {
  const product = await startProduct();
  const put = (body: string) =>
    fetch(`${product.url}/v1/flows/broken`, {
      method: "PUT",
      headers: { ...secret.headers, "Content-Type": "application/json" },
      body,
    });

  const malformed = await put(JSON.stringify({ schemaVersion: 1, id: "broken", kind: "tooltip", stepz: [] }));
  expect(malformed.status).toBe(422);
  const { error } = await malformed.json();
  expect(error.details.problems.length).toBeGreaterThan(0);
  expect(error.details.problems[0]).toEqual(
    expect.objectContaining({
      path: expect.any(String),
      message: expect.any(String),
      fix: expect.any(String),
    }),
  );

  const batch = await post(product.url, {
    writeKey: "pk_demo",
    batch: [
      message("good-1"),
      { type: "track", messageId: "bad-1", timestamp: "yesterday" },
      message("good-2"),
    ],
  });
  expect(await batch.json()).toMatchObject({
    accepted: 2,
    duplicate: 0,
    rejected: [{ id: "bad-1", index: 1 }],
  });

  expect((await post(product.url, { writeKey: "pk_wrong", batch: [message("x")] })).status).toBe(401);
  expect(
    (await fetch(`${product.url}/v1/flows`, { headers: { Authorization: "Bearer sk_wrong" } })).status,
  ).toBe(401);
  expect((await fetch(`${product.url}/v1/flows/nobody-wrote-this`, secret)).status).toBe(404);
  expect((await put(`{"why":"${"x".repeat(300_000)}"}`)).status).toBe(413);
  expect((await put("{")).status).toBe(400);
  expect(await product.stop()).toBe(0);
});
