import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { type ServeOptions, serve } from "../src/node.ts";
import { leaseDatabase } from "./postgres/lease-database.ts";

const folder = mkdtempSync(join(tmpdir(), "cairn-metrics-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secretKey = "sk_metrics_0123456789";
const headers = { authorization: `Bearer ${secretKey}`, "content-type": "application/json" };

/** What a scrape says, read as Prometheus reads it: each series once, each metric with help and type before it. */
function parse(text: string): ReadonlyMap<string, number> {
  const series = new Map<string, number>();
  let family = "";
  const families = new Set<string>();
  for (const line of text.split("\n").slice(0, -1)) {
    const [, name = ""] = /^# HELP ([a-z_]+) \S.*$/.exec(line) ?? [];
    if (name !== "") {
      expect(families.has(name)).toBe(false);
      families.add(name);
      family = name;
      continue;
    }
    if (line.startsWith("#")) {
      expect(line).toMatch(new RegExp(`^# TYPE ${family} (counter|gauge|histogram)$`));
      continue;
    }
    const match = /^([a-z_]+)(\{(?:[a-z]+="(?:[^"\\\n]|\\[\\n"])*",?)*\})? (-?[\d.e+-]+|\+Inf|NaN)$/.exec(
      line,
    );
    expect([line, match?.[1]?.startsWith(family)]).toEqual([line, true]);
    const key = `${match?.[1]}${match?.[2] ?? ""}`;
    expect([line, series.has(key)]).toEqual([line, false]);
    series.set(key, Number(match?.[3]));
  }
  return series;
}

describe.each(["sqlite", "postgresql"] as const)("/metrics of a server on %s", (store) => {
  it("says what was done, on the server's port with a key and on its own port without", async () => {
    const lease = store === "postgresql" ? await leaseDatabase() : undefined;
    const options: ServeOptions = {
      port: 0,
      metricsPort: 0,
      dataDir: join(folder, store),
      databaseUrl: lease?.url,
      secretKey,
      logLevel: "silent",
    };
    const server = await serve(options);
    try {
      const post = (path: string, body: unknown) =>
        fetch(server.url + path, { method: "POST", headers, body: JSON.stringify(body) });
      const message = (messageId: string) => ({ type: "track", event: "e", userId: "u", messageId });
      await post("/v1/batch", { batch: [message("1"), message("2"), message("2"), { type: "track" }] });
      await post("/v1/track", message("3"));
      await post("/v1/batch", { batch: 1 });
      await fetch(`${server.url}/v1/flows/nobody@example.com`, { headers });
      await fetch(`${server.url}/v1/flows/nobody@example.com`);
      await fetch(`${server.url}/v1/reports/activation?from=2026-11-01&to=2026-11-20`, { headers });
      expect((await fetch(`${server.url}/metrics`)).status).toBe(401);
      const keyed = await fetch(`${server.url}/metrics`, { headers });
      expect(keyed.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
      const open = await fetch(server.metricsUrl ?? "");
      expect(open.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
      expect((await fetch(new URL("/v1/flows", server.metricsUrl))).status).toBe(404);
      const figures = parse(await open.text());
      const of = (series: string) => figures.get(series);
      expect([...parse(await keyed.text()).keys()].every((key) => figures.has(key))).toBe(true);
      expect({
        batches: of('cairn_http_requests_total{method="POST",route="/v1/batch",status="200"}'),
        bad: of('cairn_http_requests_total{method="POST",route="/v1/batch",status="400"}'),
        missing: of('cairn_http_requests_total{method="GET",route="/v1/flows/:id",status="404"}'),
        timed: of('cairn_http_request_duration_seconds_count{method="POST",route="/v1/batch"}'),
        accepted: of('cairn_events_total{result="accepted"}'),
        duplicate: of('cairn_events_total{result="duplicate"}'),
        rejected: of('cairn_events_total{result="rejected"}'),
        commits: of("cairn_commit_duration_seconds_count"),
        committed: of("cairn_commit_events_sum"),
        waiting: of("cairn_queue_events"),
        refused: of('cairn_refusals_total{reason="bad-request"}'),
        unauthorized: of('cairn_refusals_total{reason="unauthorized"}'),
        reports: of('cairn_report_duration_seconds_count{report="activation"}'),
        lag: of("cairn_report_lag_seconds"),
        build: [...figures.keys()].filter((key) => key.startsWith("cairn_build_info")),
      }).toEqual({
        batches: 1,
        bad: 1,
        missing: 1,
        timed: 2,
        accepted: 3,
        duplicate: 1,
        rejected: 1,
        commits: 2,
        committed: 4,
        waiting: 0,
        refused: 1,
        unauthorized: 2,
        reports: 1,
        lag: 0,
        build: [`cairn_build_info{version="0.1.0",node="${process.version}",store="${store}"}`],
      });
      expect(of("process_resident_memory_bytes")).toBeGreaterThan(10_000_000);
      expect(of("process_cpu_seconds_total")).toBeGreaterThan(0);
    } finally {
      await server.close();
      lease?.giveBack();
    }
  });
});
