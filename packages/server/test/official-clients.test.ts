import { execFile } from "node:child_process";
import { promisify } from "node:util";
import RudderAnalytics from "@rudderstack/rudder-sdk-node";
import { Analytics } from "@segment/analytics-node";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type RunningServer, serve } from "../src/node.ts";
import { createMemoryStorage } from "../src/storage/memory/memory-storage.ts";
import { PUBLIC_KEY, SECRET_KEY } from "./test-server.ts";

const exec = promisify(execFile);
let server: RunningServer;
beforeEach(async () => {
  server = await serve({
    port: 0,
    publicKey: PUBLIC_KEY,
    secretKey: SECRET_KEY,
    storage: createMemoryStorage(),
  });
});
afterEach(() => server.close());

/** What is stored, as type and name, with who it is about. */
async function stored(): Promise<readonly string[]> {
  const response = await fetch(`${server.url}/v1/events`, {
    headers: { authorization: `Bearer ${SECRET_KEY}` },
  });
  const text = await response.text();
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const { type, event, name, groupId, userId, verified } = JSON.parse(line);
      return `${type} ${event ?? name ?? groupId ?? ""} ${userId} ${verified}`;
    });
}

describe("clients that others have made", () => {
  it("send through Segment's client for Node as it is", async () => {
    const analytics = new Analytics({ writeKey: SECRET_KEY, host: server.url, flushAt: 20 });
    const errors: unknown[] = [];
    analytics.on("error", (error) => errors.push(error));
    analytics.identify({ userId: "u1", traits: { plan: "pro" } });
    analytics.group({ userId: "u1", groupId: "a1", traits: { seats: 5 } });
    analytics.track({ userId: "u1", event: "report.exported", properties: { format: "pdf" } });
    analytics.page({ userId: "u1", name: "Reports", properties: { url: "https://app.test/reports" } });
    await analytics.closeAndFlush();
    expect(errors).toEqual([]);
    expect([...(await stored())].sort()).toEqual([
      "group a1 u1 true",
      "identify  u1 true",
      "page Reports u1 true",
      "track report.exported u1 true",
    ]);
  });

  it("send through RudderStack's client for Node as it is", async () => {
    const analytics = new RudderAnalytics(SECRET_KEY, { dataPlaneUrl: server.url, flushAt: 1 });
    const sent = (call: (done: (error?: Error) => void) => void) =>
      new Promise<void>((resolve, reject) => call((error) => (error ? reject(error) : resolve())));
    await sent((done) => analytics.identify({ userId: "u2", traits: { plan: "trial" } }, done));
    await sent((done) =>
      analytics.track({ userId: "u2", event: "report.viewed", properties: { n: 1 } }, done),
    );
    expect([...(await stored())].sort()).toEqual(["identify  u2 true", "track report.viewed u2 true"]);
  });

  it("send by a plain line of curl", async () => {
    const { stdout } = await exec("curl", [
      "--silent",
      "--fail-with-body",
      "--user",
      `${SECRET_KEY}:`,
      "--header",
      "Content-Type: application/json",
      "--data",
      '{"userId":"u3","event":"invoice.sent","properties":{"total":12}}',
      `${server.url}/v1/track`,
    ]);
    expect(JSON.parse(stdout)).toEqual({ accepted: 1, duplicate: 0, rejected: [] });
    expect(await stored()).toEqual(["track invoice.sent u3 true"]);
  });
});
