import { randomUUID } from "node:crypto";
import type { RequestListener, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { createLiveKeys } from "./access/kept-keys.ts";
import { createRateLimits, type RateOptions } from "./access/rate-limits.ts";
import { ENVIRONMENTS } from "./access/scopes.ts";
import { createUserTokens } from "./access/user-tokens.ts";
import { createApp } from "./app.ts";
import type { PageFolders } from "./assets/pages.ts";
import { startScheduler } from "./definitions/schedules.ts";
import { createBatchLane } from "./ingest/batch-lane.ts";
import { createBodyBudget } from "./ingest/body-budget.ts";
import { DEMO_ENVIRONMENT } from "./keys.ts";
import { createLog } from "./log.ts";
import { type BuildInfo, createServerMetrics } from "./metrics/server-metrics.ts";
import type { LogLevel } from "./options/option-table.ts";
import { createPatientServer, type Patience } from "./patient-server.ts";
import { createErrorReporter } from "./report-errors.ts";
import { createReportPort } from "./reports/report-port.ts";
import { RETENTION_MS, startRetention } from "./retention.ts";
import { METRICS_TYPE } from "./routes/metrics.ts";
import type { ServerDeps } from "./server-env.ts";
import { standingKeys } from "./standing-keys.ts";
import { reportPlace, startReportThread } from "./start-report-thread.ts";
import { openStorage } from "./storage/open-storage.ts";
import type { Storage } from "./storage/storage.ts";
import type { StoreMeter } from "./storage/store-meter.ts";
import { VERSION } from "./version.ts";
import { createWatch } from "./watch.ts";

export interface ServeOptions extends PageFolders {
  /** 0 = any free one. @default 8787 */
  readonly port?: number;
  /** Address to listen on. A demo server always listens on 127.0.0.1. @default "127.0.0.1" */
  readonly host?: string;
  /** Folder of the database; made where it is missing. @default ".cairn" */
  readonly dataDir?: string;
  /** `postgres://…`: PostgreSQL instead of SQLite in `dataDir`. @default none */
  readonly databaseUrl?: string | undefined;
  /** Whether `pk_demo` and `sk_demo` work, for callers on this machine only. @default false */
  readonly demo?: boolean;
  /** `pk_…`, ≥ 16 characters after the prefix. @default one made at the first start */
  readonly publicKey?: string | undefined;
  /** `sk_…`, ≥ 16 characters after the prefix. @default one made at the first start, told through `onNewKeys` */
  readonly secretKey?: string | undefined;
  /** Told once, at the first start, the keys that were made: they cannot be read again. */
  readonly onNewKeys?: (keys: { readonly publicKey: string; readonly secretKey: string }) => void;
  /** Takes errors that no caller may see. @default the log */
  readonly report?: ServerDeps["report"];
  /** Milliseconds that messages are kept; `null`: for ever. @default 400 days; a demo server keeps them for ever */
  readonly retention?: number | null | undefined;
  /** How often one address and one key may ask. */
  readonly rates?: RateOptions;
  /** What is written to standard error. `info`: a line for each request. @default "warn" */
  readonly logLevel?: LogLevel;
  /** A port of its own where `/metrics` needs no key; 0 = any free one. @default none */
  readonly metricsPort?: number;
  /** Address that this port listens on. @default "127.0.0.1" */
  readonly metricsHost?: string;
  /** How many proxies stand in front, whose `X-Forwarded-For` is believed. @default 0 */
  readonly trustedProxies?: number;
  /**
   * How long `/readyz` says 503, and everything else is answered as before, when the server closes, before it takes no
   * more connections: for whoever sends it requests to notice. Milliseconds. @default 0
   */
  readonly stopDelayMs?: number;
  /** How long a request may take to arrive, in milliseconds. @default 15,000 for its head, 30,000 for all of it */
  readonly patience?: Patience;
  /** Instead of SQLite in `dataDir`; for tests and measurements. */
  readonly storage?: Storage;
}

export interface RunningServer {
  /** `http://127.0.0.1:8787` */
  readonly url: string;
  /** Where `/metrics` is, if it has a port of its own. */
  readonly metricsUrl?: string;
  /** Says that it is not ready, takes no new requests, answers the open ones, commits what waits, closes the database. */
  close(): Promise<void>;
}

/** How long open requests may take to finish when the server closes. */
const DRAIN_MS = 5_000;
/** Starts the server: the only place that listens. Rejects where the port is taken or the database too new. */
export async function serve(options: ServeOptions = {}): Promise<RunningServer> {
  const { port = 8787, dataDir = ".cairn", demo = false, metricsPort } = options;
  const host = demo ? "127.0.0.1" : (options.host ?? "127.0.0.1");
  const metrics = createServerMetrics({ version: VERSION, store: storeName(options) });
  const log = createLog(options.logLevel ?? "warn");
  let isFull = false;
  let closing: Promise<void> | undefined;
  const meter: StoreMeter = {
    committed: metrics.store.committed,
    waiting(events, characters, full) {
      isFull = full;
      metrics.store.waiting(events, characters, full);
    },
  };
  const storage =
    options.storage ?? (await openStorage({ dataDir, databaseUrl: options.databaseUrl, meter }));
  const opened: Server[] = [];
  try {
    const given = demo ? [] : await standingKeys(storage, options, Date.now());
    const keys = createLiveKeys({ storage, now: Date.now, demo, given });
    await keys.reload();
    const reports = createReportPort(
      () => startReportThread(reportPlace(dataDir, options.databaseUrl)),
      metrics.report,
    );
    const deps: ServerDeps = {
      storage,
      // A store that was handed over is known to nobody else: its reports are worked out here.
      ...(options.storage === undefined ? { reports } : {}),
      keyring: keys.keyring,
      reloadKeys: keys.reload,
      limits: createRateLimits(options.rates ?? {}, Date.now),
      trustedProxies: options.trustedProxies ?? 0,
      tokens: createUserTokens({ storage, now: Date.now }),
      now: Date.now,
      newId: randomUUID,
      peer: peerAddress,
      isFull: () => isFull,
      isStopping: () => closing !== undefined,
      bodies: createBodyBudget(),
      demo,
      watch: createWatch(log, metrics),
      metrics: metrics.render,
      report: options.report ?? createErrorReporter(log.error, Date.now),
    };
    const stopScheduler = startScheduler(deps, demo ? [DEMO_ENVIRONMENT] : ENVIRONMENTS);
    const keepMs = options.retention === undefined && !demo ? RETENTION_MS : (options.retention ?? null);
    const stopRetention = startRetention({ ...deps, forgotten: log.forgotten }, keepMs);
    const toApp = getRequestListener(createApp(deps, options).fetch);
    const lane = createBatchLane(deps);
    const server = createPatientServer(options.patience, metrics.refused, (request, response) => {
      if (!lane(request, response)) void toApp(request, response);
    });
    opened.push(server);
    await listen(server, port, host);
    let metricsUrl: string | undefined;
    if (metricsPort !== undefined) {
      const metricsHost = options.metricsHost ?? "127.0.0.1";
      const open = createPatientServer(options.patience, metrics.refused, answerMetrics(metrics.render));
      opened.push(open);
      await listen(open, metricsPort, metricsHost);
      metricsUrl = `${urlOf(open, metricsHost)}/metrics`;
    }
    server.prependListener("request", (_, response) => {
      // A client that keeps its connection open would otherwise go on using it until it is cut.
      if (closing !== undefined) response.shouldKeepAlive = false;
    });
    return {
      url: urlOf(server, host),
      ...(metricsUrl === undefined ? {} : { metricsUrl }),
      close: () => {
        closing ??= after(options.stopDelayMs ?? 0)
          .then(() => Promise.all(opened.map(stop)))
          .then(async () => {
            keys.dispose();
            await stopScheduler();
            await stopRetention();
            await reports.close();
            await storage.dispose();
            metrics.dispose();
            log.close();
          });
        return closing;
      },
    };
  } catch (thrown) {
    for (const server of opened) server.close();
    metrics.dispose();
    log.close();
    await storage.dispose();
    throw thrown;
  }
}

function storeName({ storage, databaseUrl }: ServeOptions): BuildInfo["store"] {
  return storage !== undefined ? "other" : databaseUrl ? "postgresql" : "sqlite";
}

const answerMetrics =
  (render: () => string): RequestListener =>
  (request, response) => {
    const isThere = request.url?.split("?", 1)[0] === "/metrics";
    const isRead = request.method === "GET" || request.method === "HEAD";
    response.writeHead(isThere ? (isRead ? 200 : 405) : 404, { "Content-Type": METRICS_TYPE });
    response.end(isThere && isRead ? render() : "");
  };

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** The Node adaptor hands the request's socket to the app as bindings. */
function peerAddress(bindings: unknown): string | undefined {
  const { incoming } = (bindings ?? {}) as { incoming?: { socket?: { remoteAddress?: string } } };
  return incoming?.socket?.remoteAddress;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => (ms > 0 ? setTimeout(resolve, ms) : resolve()));
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
