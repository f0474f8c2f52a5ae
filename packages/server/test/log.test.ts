import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createLog } from "../src/log.ts";
import { createServerMetrics } from "../src/metrics/server-metrics.ts";
import type { LogLevel } from "../src/options/option-table.ts";
import { createErrorReporter } from "../src/report-errors.ts";
import { createWatch } from "../src/watch.ts";
import { createTestServer, PUBLIC_KEY, SECRET_KEY } from "./test-server.ts";

const CANARY = "canary4711";
const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const FIELDS = ["code", "level", "method", "ms", "msg", "requestId", "route", "status", "time", "traceId"];

/** A server whose log and metrics are kept. */
function watched(level: LogLevel = "info", storage?: Parameters<typeof createTestServer>[0]) {
  const lines: string[] = [];
  const log = createLog(level, { write: (line) => void lines.push(line) });
  const metrics = createServerMetrics({ version: "1.2.3", store: "other" });
  const report = createErrorReporter(log.error, () => 0);
  const watch = createWatch(log, metrics);
  const test = createTestServer({ newId: randomUUID, watch, metrics: metrics.render, report, ...storage });
  const parsed = () => lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  return { ...test, lines, parsed, metrics };
}

interface Document {
  readonly paths: { readonly [path: string]: { readonly [method: string]: unknown } };
}

describe("the log", () => {
  it("has one line for each request, with its route's pattern, on every route, and nothing of who or what it was", async () => {
    const { app, lines, parsed, metrics, deps } = watched();
    const { paths } = (await (await app.request("/v1/openapi.json")).json()) as Document;
    // With a state, a person and a flow of that name, so that routes have something to say.
    const message = {
      type: "identify",
      userId: `${CANARY}@example.com`,
      messageId: CANARY,
      traits: { name: CANARY },
      context: { ip: CANARY, page: { path: `/${CANARY}` } },
    };
    const bodies = [
      JSON.stringify({
        ...message,
        batch: [message, { ...message, userId: { [CANARY]: 1 } }],
        email: CANARY,
      }),
      `{"${CANARY}`,
    ];
    let asked = 1;
    for (const [path, methods] of Object.entries(paths))
      for (const method of Object.keys(methods))
        for (const authorization of [`Bearer ${SECRET_KEY}`, `Bearer ${CANARY}.${CANARY}.${CANARY}`])
          for (const body of method === "get" ? [undefined] : bodies) {
            const address = path.replaceAll(/\{\w+\}/g, `${CANARY}@example.com`);
            const response = await app.request(
              `${address}?key=${PUBLIC_KEY}&token=${CANARY}&user=${CANARY}&flow=${CANARY}&from=${CANARY}`,
              {
                method: method.toUpperCase(),
                headers: {
                  authorization,
                  cookie: `cairn_session=${CANARY}`,
                  "content-type": "application/json",
                  "user-agent": CANARY,
                  "x-forwarded-for": CANARY,
                  referer: `https://example.com/${CANARY}`,
                  origin: `https://${CANARY}.example.com`,
                  traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
                  tracestate: `a=${CANARY}`,
                },
                ...(body === undefined ? {} : { body }),
              },
            );
            asked += 1;
            expect(response.headers.get("traceresponse")).toMatch(
              new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`),
            );
            const line = parsed().at(-1);
            expect(line).toMatchObject({
              level: "info",
              method: method.toUpperCase(),
              route: path.replaceAll(/\{(\w+)\}/g, ":$1"),
              status: response.status,
              requestId: response.headers.get("x-request-id"),
              traceId: TRACE,
            });
          }
    expect((await app.request(`/${CANARY}`, { method: "DELETE" })).status).toBe(404);
    asked += 1;
    expect(parsed().at(-1)).toMatchObject({ route: "none", status: 404, code: "not-found" });
    expect(lines).toHaveLength(asked);
    expect(asked).toBeGreaterThanOrEqual(170);
    expect(lines.filter((line) => line.includes(CANARY) || line.includes(SECRET_KEY))).toEqual([]);
    for (const line of parsed())
      expect(FIELDS.filter((one) => one !== "code")).toEqual(
        Object.keys(line)
          .filter((one) => one !== "code")
          .sort(),
      );
    // The same is true of the figures.
    expect(metrics.render()).not.toContain(CANARY);
    expect(metrics.render()).not.toContain("production");
    expect(deps.demo).toBe(false);
  });

  it("says nothing of requests above info, and tells of what broke without who it broke for", async () => {
    const storage = {
      ...createTestServer().deps.storage,
      append: () => Promise.reject(new Error("disk says no")),
    };
    const { send, parsed } = watched("warn", { storage });
    const response = await send("POST", "/v1/track", {
      event: CANARY,
      userId: CANARY,
      messageId: CANARY,
      properties: { a: CANARY },
    });
    expect(response.status).toBe(500);
    const [line, ...more] = parsed();
    expect(more).toEqual([]);
    expect(line).toMatchObject({ level: "error", requestId: response.headers.get("x-request-id") });
    expect(line?.error).toContain("disk says no");
    expect(JSON.stringify(line)).not.toContain(CANARY);
  });
});
