import type { Context, MiddlewareHandler } from "hono";
import { matchedRoutes } from "hono/route";
import { type PageFolders, pageRoutes } from "./assets/pages.ts";
import { createConfigSource } from "./definitions/live-config.ts";
import { httpError, toErrorAnswer } from "./errors.ts";
import { requireScope } from "./middleware/authenticate.ts";
import { DEFINITION_LIMIT, limitBody } from "./middleware/read-body.ts";
import { personOf } from "./middleware/session.ts";
import { accountRoutes } from "./routes/accounts.ts";
import { APPLY_LIMIT, applyRoutes } from "./routes/apply.ts";
import { auditRoutes } from "./routes/audit.ts";
import { catalogRoutes } from "./routes/catalog.ts";
import { configRoutes } from "./routes/config.ts";
import { eventRoutes } from "./routes/events.ts";
import { featureRoutes } from "./routes/features.ts";
import { flowRoutes } from "./routes/flows.ts";
import { healthRoutes } from "./routes/health.ts";
import { ingestRoutes } from "./routes/ingest.ts";
import { keyRoutes } from "./routes/keys.ts";
import { metricsRoutes } from "./routes/metrics.ts";
import { peopleRoutes } from "./routes/people.ts";
import { previewRoutes } from "./routes/previews.ts";
import { reportRoutes } from "./routes/reports.ts";
import { reviewRoutes } from "./routes/reviews.ts";
import { routeApp } from "./routes/route-app.ts";
import { scheduleRoutes } from "./routes/schedules.ts";
import { segmentRoutes } from "./routes/segments.ts";
import { settingsRoutes } from "./routes/settings.ts";
import { specRoutes } from "./routes/spec.ts";
import { STATE_BODY_LIMIT, stateRoutes } from "./routes/state.ts";
import { userRoutes } from "./routes/users.ts";
import type { ServerDeps, ServerEnv } from "./server-env.ts";
import { traceOf } from "./trace-context.ts";

/** What a browser on another origin may use, with a public key and without credentials. */
const PUBLIC_LANE = [
  "/v1/config",
  "/v1/preview",
  "/v1/batch",
  "/v1/track",
  "/v1/identify",
  "/v1/group",
  "/v1/page",
];
/** What a browser asks with a user token, which needs a preflight: no other route of the browser has one. */
const TOKEN_LANE = ["/v1/state"];
/** What only a secret key opens. */
const SECRET_LANE = [
  "/v1/events",
  "/v1/flows/*",
  "/v1/publish",
  "/v1/previews",
  "/v1/schedules/*",
  "/v1/features/*",
  "/v1/segments/*",
  "/v1/settings",
  "/v1/catalog",
  "/v1/reports/*",
  "/v1/audit",
  "/v1/keys/*",
  "/v1/signing-keys/*",
  "/v1/people/*",
  "/v1/users/*",
  "/v1/accounts/*",
  "/metrics",
];
/** The same, with many definitions in one body. */
const FOLDER_LANE = ["/v1/apply", "/v1/plan"];

/** Most bytes of an address and a password. */
const SIGN_IN_LIMIT = 4_096;

/** The whole HTTP API, with the pages whose folders are given. It listens to nothing itself: `node.ts` does, and tests call `app.request()`. */
export function createApp(deps: ServerDeps, folders: PageFolders = {}) {
  const app = routeApp();
  app.onError((thrown, c) => {
    const { status, body, retryAfter, close } = toErrorAnswer(thrown);
    if (status >= 500) deps.report(thrown, c.var.requestId);
    if (retryAfter !== undefined) c.header("Retry-After", `${retryAfter}`);
    if (close) c.header("Connection", "close");
    c.set("refusal", body.error.code);
    return c.json(body, status);
  });
  app.notFound((c) => {
    c.set("refusal", "not-found");
    return c.json(toErrorAnswer(httpError("not-found", "There is no such address.")).body, 404);
  });
  app.use(requestHeaders(deps));
  app.use(refuseNul);
  app.route("/", pageRoutes(deps, folders));
  for (const path of PUBLIC_LANE) app.use(path, openToOrigins(READ_OR_SEND));
  for (const path of TOKEN_LANE)
    app.use(path, openToOrigins(WITH_TOKEN), limitBody(STATE_BODY_LIMIT, deps.bodies));
  for (const path of SECRET_LANE)
    app.use(
      path,
      requireScope(deps, (c) => personOf(c, deps)),
      limitBody(DEFINITION_LIMIT, deps.bodies),
    );
  for (const path of FOLDER_LANE)
    app.use(
      path,
      requireScope(deps, (c) => personOf(c, deps)),
      limitBody(APPLY_LIMIT, deps.bodies),
    );
  app.use("/v1/session", limitBody(SIGN_IN_LIMIT, deps.bodies));
  for (const path of ["publish", "approve", "ask", "send-back", "archive", "restore"])
    app.use(`/v1/flows/:id/${path}`, emptyBodyIsEmptyObject);
  app.openAPIRegistry.registerComponent("securitySchemes", "secretKey", {
    type: "http",
    scheme: "bearer",
    description: "`sk_…`. The user name of Basic works too. In the studio: the session's cookie instead.",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "publicKey", {
    type: "apiKey",
    in: "query",
    name: "key",
    description: "`pk_…`; for events as `writeKey` in the body.",
  });
  app.openAPIRegistry.registerComponent("securitySchemes", "userToken", {
    type: "http",
    scheme: "bearer",
    bearerFormat: "JWT",
    description:
      "Signed by the host for one person; HS256 or EdDSA, `aud` = the environment, at most an hour.",
  });
  return app
    .route("/", healthRoutes(deps))
    .route("/", metricsRoutes(deps))
    .route("/", configRoutes(deps, createConfigSource(deps.storage)))
    .route("/", stateRoutes(deps))
    .route("/", ingestRoutes(deps))
    .route("/", eventRoutes(deps))
    .route("/", flowRoutes(deps))
    .route("/", applyRoutes(deps))
    .route("/", reviewRoutes(deps))
    .route("/", scheduleRoutes(deps))
    .route("/", previewRoutes(deps))
    .route("/", featureRoutes(deps))
    .route("/", segmentRoutes(deps))
    .route("/", settingsRoutes(deps))
    .route("/", keyRoutes(deps))
    .route("/", peopleRoutes(deps))
    .route("/", userRoutes(deps))
    .route("/", accountRoutes(deps))
    .route("/", auditRoutes(deps))
    .route("/", catalogRoutes(deps))
    .route("/", reportRoutes(deps))
    .route(
      "/",
      specRoutes(deps, () => app),
    );
}

/** The API's type, for `hc<AppType>()`: its clients copy no types. */
export type AppType = ReturnType<typeof createApp>;

function requestHeaders({ newId, watch }: ServerDeps): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    const from = performance.now();
    const requestId = newId();
    const trace = traceOf(c.req.header("traceparent"), requestId);
    c.set("requestId", requestId);
    // Before the answer is made: a header set afterwards would cost the adapter its fast way to send it.
    c.header("X-Request-Id", requestId);
    c.header("X-Content-Type-Options", "nosniff");
    if (trace.response !== undefined) c.header("traceresponse", trace.response);
    await next();
    watch?.request({
      method: c.req.method,
      route: routeOf(c),
      status: c.res.status,
      ms: performance.now() - from,
      requestId,
      traceId: trace.traceId,
      code: c.var.refusal,
    });
  };
}

/** Nothing that is kept has NUL in its name, and not every store can be asked for it. */
const refuseNul: MiddlewareHandler<ServerEnv> = async ({ req: { url } }, next) => {
  const at = url.indexOf("%00");
  if (at === -1) return next();
  const query = url.indexOf("?");
  throw query === -1 || at < query
    ? httpError("not-found", "There is no such address.")
    : httpError("bad-request", "No parameter holds NUL.");
};

/** The pattern of the route that answers, as it was registered; what a parameter must look like is left out. */
function routeOf(c: Context<ServerEnv>): string {
  const matched = matchedRoutes(c);
  const { path } =
    matched.find(({ method }) => method !== "ALL") ??
    // A preflight is answered by what stands before the routes.
    (c.req.method === "OPTIONS" ? matched.findLast((one) => !one.path.endsWith("*")) : undefined) ??
    {};
  return path?.replaceAll(/\{[^/]*\}/g, "") ?? "none";
}

/** All fields of a publish are optional, and many clients announce JSON even where they send nothing. */
const emptyBodyIsEmptyObject: MiddlewareHandler<ServerEnv> = async (c, next) => {
  if (c.req.header("content-type") && (await c.req.text()) === "") {
    c.req.raw = new Request(c.req.url, { method: c.req.method, headers: c.req.raw.headers, body: "{}" });
    c.req.bodyCache = {};
  }
  return next();
};

interface Preflight {
  readonly methods: string;
  readonly headers: string;
  /** Seconds that a browser remembers the answer; Chromium takes no more than two hours. */
  readonly maxAge: string;
}
const READ_OR_SEND: Preflight = { methods: "GET, POST", headers: "Content-Type", maxAge: "86400" };
const WITH_TOKEN: Preflight = {
  methods: "GET, PUT",
  headers: "Authorization, Content-Type",
  maxAge: "7200",
};

function openToOrigins({ methods, headers, maxAge }: Preflight): MiddlewareHandler<ServerEnv> {
  return async (c, next) => {
    if (c.req.method === "OPTIONS")
      return c.body(null, 204, {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Allow-Methods": methods,
        "Access-Control-Allow-Headers": headers,
        "Access-Control-Max-Age": maxAge,
      });
    // Before the route, so that an error answer has it too: a page must be able to read why.
    c.header("Access-Control-Allow-Origin", "*");
    await next();
    return undefined;
  };
}
