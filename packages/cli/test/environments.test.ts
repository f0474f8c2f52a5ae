import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, expect, it } from "vitest";
import { cairn, type Folder, flow, folderWith } from "./run-cli.ts";

const SERVER = fileURLToPath(new URL("../../server/", import.meta.url));
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A server of its own, started as an operator starts it: without a key. */
async function firstStart(data: Folder): Promise<{ readonly url: string; readonly key: string }> {
  const { CAIRN_SECRET_KEY: _, CAIRN_PUBLIC_KEY: __, DATABASE_URL: ___, ...env } = process.env;
  const args = ["--conditions=cairn-source", "--import", "tsx", "src/main.ts"];
  const more = ["--port", "0", "--data-dir", data.path, "--log-level", "warn"];
  const child = spawn(process.execPath, [...args, ...more], {
    cwd: SERVER,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  stops.push(async () => {
    child.kill("SIGTERM");
    await exited;
  });
  let text = "";
  for await (const chunk of child.stdout) {
    text += chunk;
    const [, url] = /listening on (\S+)/.exec(text) ?? [];
    const [key] = /sk_\S{16,}/.exec(text) ?? [];
    if (url !== undefined && key !== undefined) {
      child.stdout.resume();
      return { url, key };
    }
  }
  throw new Error(`the server told no key and no address: ${text}`);
}

it("opens staging from the one key of a first start: plans, publishes and sends there, and leaves production alone", async () => {
  const data = folderWith({});
  stops.push(() => data.dispose());
  const { url, key: production } = await firstStart(data);
  const at = (key: string) => ["--host", url, "--key", key];
  const get = async (path: string, key: string) => {
    const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } });
    return { status: response.status, text: await response.text() };
  };
  const untouched = async () =>
    await Promise.all(
      ["/v1/flows", "/v1/config", "/v1/events", "/v1/keys"].map((path) => get(path, production)),
    );
  const keysOf = (text: string) => (JSON.parse(text) as { keys: { lastUsedAt: unknown }[] }).keys.length;
  const before = await untouched();

  const make = async (...args: string[]) => {
    const made = await cairn([
      "keys",
      "create",
      "--environment",
      "staging",
      ...args,
      ...at(production),
      "--json",
    ]);
    expect([made.code, made.stderr]).toEqual([0, ""]);
    return JSON.parse(made.stdout) as { readonly key: string; readonly id: string };
  };
  const staging = await make("--name", "CI");
  const page = await make("--kind", "public");

  const folder = folderWith({ "flows/hello.json": flow("hello") });
  stops.push(() => folder.dispose());
  const planned = await cairn(["plan", folder.path, ...at(staging.key)]);
  expect([planned.code, planned.stderr]).toEqual([1, ""]);
  const applied = await cairn(["apply", folder.path, ...at(staging.key)]);
  expect([applied.code, applied.stdout]).toEqual([0, expect.stringContaining("live now: hello version 1")]);
  expect((await cairn(["plan", folder.path, ...at(staging.key)])).stdout).toContain(
    "staging is what the folder says",
  );
  const config = await (await fetch(`${url}/v1/config?key=${page.key}`)).text();
  expect(JSON.parse(config)).toMatchObject({ environment: "staging", flows: [{ id: "hello" }] });
  const sent = await fetch(`${url}/v1/track`, {
    method: "POST",
    headers: { authorization: `Bearer ${staging.key}`, "content-type": "application/json" },
    body: JSON.stringify({ event: "only.in.staging", userId: "u", messageId: "1" }),
  });
  expect(sent.status).toBe(200);
  expect((await get("/v1/events", staging.key)).text).toContain("only.in.staging");

  const after = await untouched();
  expect(after.slice(0, 3)).toEqual(before.slice(0, 3));
  expect(keysOf(after[3]?.text ?? "")).toBe(keysOf(before[3]?.text ?? ""));
  const listed = await cairn(["keys", "list", "--environment", "staging", ...at(production)]);
  expect(listed.stdout).toContain(`${staging.id}  secret  CI`);
  expect((await cairn(["keys", "create", "--environment", "production", ...at(staging.key)])).code).toBe(2);
  expect(
    (await cairn(["keys", "revoke", staging.id, "--environment", "staging", ...at(production)])).code,
  ).toBe(0);
  expect((await get("/v1/flows", staging.key)).status).toBe(401);
});
