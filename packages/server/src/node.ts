import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
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
import { DEMO_ENVIRONMENT } from "./keys.ts";
import type { LogLevel } from "./options/option-table.ts";
import { createErrorReporter } from "./report-errors.ts";
import { createReportPort } from "./reports/report-port.ts";
import type { ServerDeps } from "./server-env.ts";
import { standingKeys } from "./standing-keys.ts";
import { reportPlace, startReportThread } from "./start-report-thread.ts";
import { openStorage } from "./storage/open-storage.ts";
import type { Storage } from "./storage/storage.ts";

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
  /** Takes errors that no caller may see. @default standard error, one line of JSON */
  readonly report?: ServerDeps["report"];
  /** How often one address and one key may ask. */
  readonly rates?: RateOptions;
  /** What is written to standard error. `info`: a line for each request. @default "warn" */
  readonly logLevel?: LogLevel;
  /** How many proxies stand in front, whose `X-Forwarded-For` is believed. @default 0 */
  readonly trustedProxies?: number;
  /** Instead of SQLite in `dataDir`; for tests and measurements. */
  readonly storage?: Storage;
}

export interface RunningServer {
  /** `http://127.0.0.1:8787` */
  readonly url: string;
  /** Takes no new requests, answers the open ones, commits what waits, closes the database. */
  close(): Promise<void>;
}

/** How long open requests may take to finish when the server closes. */
const DRAIN_MS = 5_000;

/** Starts the server: the only place that listens. Rejects where the port is taken or the database too new. */
export async function serve(options: ServeOptions = {}): Promise<RunningServer> {
  const { port = 8787, dataDir = ".cairn", demo = false } = options;
  const host = demo ? "127.0.0.1" : (options.host ?? "127.0.0.1");
  const storage = options.storage ?? (await openStorage({ dataDir, databaseUrl: options.databaseUrl }));
  try {
    const given = demo ? [] : await standingKeys(storage, options, Date.now());
    const keys = createLiveKeys({ storage, now: Date.now, demo, given });
    await keys.reload();
    const reports = createReportPort(() => startReportThread(reportPlace(dataDir, options.databaseUrl)));
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
      demo,
      report: options.report ?? createErrorReporter((line) => process.stderr.write(line), Date.now),
    };
    const stopScheduler = startScheduler(deps, demo ? [DEMO_ENVIRONMENT] : ENVIRONMENTS);
    const toApp = getRequestListener(createApp(deps, options).fetch);
    const lane = createBatchLane(deps);
    const server = createServer((request, response) => {
      if (!lane(request, response)) void toApp(request, response);
    });
    // Longer than common proxies keep theirs, so that they never write to a closing connection.
    server.keepAliveTimeout = 65_000;
    server.headersTimeout = 15_000;
    server.requestTimeout = 30_000;
    await listen(server, port, host);
    const { port: bound } = server.address() as AddressInfo;
    let closing: Promise<void> | undefined;
    server.prependListener("request", (_, response) => {
      // A client that keeps its connection open would otherwise go on using it until it is cut.
      if (closing !== undefined) response.shouldKeepAlive = false;
    });
    return {
      url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
      close: () => {
        closing ??= stop(server).then(async () => {
          keys.dispose();
          await stopScheduler();
          await reports.close();
          return storage.dispose();
        });
        return closing;
      },
    };
  } catch (thrown) {
    await storage.dispose();
    throw thrown;
  }
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
