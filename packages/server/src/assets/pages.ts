import { Hono } from "hono";
import { httpError } from "../errors.ts";
import { DEMO_PUBLIC_KEY, DEMO_SECRET_KEY } from "../keys.ts";
import { isLocalDemoRequest } from "../middleware/demo-rule.ts";
import type { ServerDeps, ServerEnv } from "../server-env.ts";
import { type Asset, type AssetFolder, createAssetFolder } from "./asset-folder.ts";
import { createReleases } from "./releases.ts";
import { serveAsset } from "./serve-asset.ts";

/** Where the built pages and the SDK lie; what is left out is not served. */
export interface PageFolders {
  readonly sdkDir?: string | undefined;
  readonly studioDir?: string | undefined;
  readonly demoDir?: string | undefined;
}

/** The demo's policy is as strict as one can be: hints must work under it. */
const DEMO_CSP =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";
/** The studio's editor writes its styles into the page, so it needs inline styles; scripts stay strict. */
const STUDIO_CSP =
  "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; media-src https:; connect-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/** Names without a hash in them are looked at again soon: a new SDK reaches every page within minutes. */
const SHORT = "public, max-age=300, stale-while-revalidate=3600";
const FOREVER = "public, max-age=31536000, immutable";
const REVALIDATE = "no-cache";

/** The SDK at `/v1/*.js` and `/x.y.z/*.js`, the studio and the demo: files, beside the API. */
export function pageRoutes(deps: ServerDeps, { sdkDir, studioDir, demoDir }: PageFolders): Hono<ServerEnv> {
  const app = new Hono<ServerEnv>();
  if (sdkDir !== undefined) {
    const releases = createReleases(sdkDir);
    const serve = (request: Request, asset: Asset | undefined, isForever: boolean) => {
      if (asset === undefined) throw httpError("not-found", "There is no such file.");
      // The host page may be on any origin, isolated (COEP) or not.
      return serveAsset(request, asset, {
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Cache-Control": isForever || asset.immutable ? FOREVER : SHORT,
      });
    };
    app.get("/v1/:path{release\\.json|.+\\.js(?:\\.map)?}", async (c) =>
      serve(c.req.raw, await releases.newest(c.req.param("path")), false),
    );
    app.get(
      "/:version{\\d+\\.\\d+\\.\\d+(?:-[\\w.-]+)?}/:path{release\\.json|.+\\.js(?:\\.map)?}",
      async (c) =>
        serve(c.req.raw, await releases.exactly(c.req.param("version"), c.req.param("path")), true),
    );
  }
  if (deps.demo) {
    app.get("/studio/session.json", (c) => {
      if (!isLocalDemoRequest(c, deps)) throw httpError("not-found", "There is no such address.");
      c.header("Cache-Control", "no-store");
      return c.json({ demo: true, key: DEMO_SECRET_KEY, publicKey: DEMO_PUBLIC_KEY });
    });
    if (demoDir !== undefined) app.get("/", (c) => c.redirect("/demo/"));
  }
  if (studioDir !== undefined) servePage(app, "/studio", createAssetFolder(studioDir), STUDIO_CSP);
  if (demoDir !== undefined) servePage(app, "/demo", createAssetFolder(demoDir), DEMO_CSP);
  return app;
}

/** Files of a page; an address without a dot in its last part is the page's own route, and gets `index.html`. */
function servePage(app: Hono<ServerEnv>, base: string, folder: AssetFolder, policy: string): void {
  app.get(base, (c) => c.redirect(`${base}/`));
  app.get(`${base}/*`, async (c) => {
    const path = decode(c.req.path.slice(base.length + 1));
    if (path === undefined) throw httpError("bad-request", "The address is not well-formed.");
    const asset =
      (path === "" ? undefined : await folder(path)) ??
      (/\.[^/]*$/.test(path) ? undefined : await folder("index.html"));
    if (asset === undefined) throw httpError("not-found", "There is no such file.");
    return serveAsset(c.req.raw, asset, {
      "Content-Security-Policy": policy,
      "Referrer-Policy": "same-origin",
      "Cache-Control": asset.immutable ? FOREVER : REVALIDATE,
    });
  });
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
