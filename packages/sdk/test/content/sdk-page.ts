import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { build } from "esbuild";
import type { createCairn } from "../../src/index.ts";

declare global {
  interface Window {
    createCairn: typeof createCairn;
    /** What must not happen in the host's page, in order. */
    mishaps: string[];
  }
}

const ORIGIN = "http://host.test";
/** A page without a policy of its own: nothing but the SDK stands between a flow and the person. */
const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Host</title></head>
<body><main><button data-cairn="here">Here</button><p>Host</p></main><script type="module" src="/host.js"></script></body></html>`;
/** Runs before the SDK: whatever a payload could call, and whatever would reach the host's own error handlers. */
const WATCH = `window.mishaps = [];
  const mishap = (what) => window.mishaps.push(what);
  window.hacked = () => mishap("ran");
  for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => mishap(name);
  // Where a link leads is looked at, and not followed.
  const leads = (url) => { if (!/^(https?|mailto|tel):$/.test(new URL(url, location.href).protocol)) mishap("leads to " + url); };
  window.open = (url) => { leads(url); return null; };
  navigation.addEventListener("navigate", (event) => { leads(event.destination.url); if (event.cancelable) event.preventDefault(); });
  window.addEventListener("error", (event) => { if (event.message !== undefined) mishap("error " + event.message); });
  window.addEventListener("unhandledrejection", (event) => mishap("rejected " + event.reason));`;

let files: Promise<ReadonlyMap<string, string>> | undefined;
/** The SDK as an npm user's bundler makes it, and a page that has it. */
const bundle = () => {
  files ??= build({
    stdin: {
      contents: `import { createCairn } from "./index.ts"; window.createCairn = createCairn; document.documentElement.dataset.ready = "";`,
      resolveDir: fileURLToPath(new URL("../../src", import.meta.url)),
    },
    entryNames: "host",
    outdir: "/",
    write: false,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    conditions: ["cairn-source"],
    logLevel: "error",
  }).then(({ outputFiles }) => new Map(outputFiles.map((file) => [file.path, file.text])));
  return files;
};

/** Opens a host page in which `createCairn` is at hand. Returns the requests that left the host's origin. */
export async function openSdkPage(page: Page): Promise<readonly string[]> {
  const known = await bundle();
  const strayed: string[] = [];
  await page.route("**/*", (route) => {
    const url = new URL(route.request().url());
    const code = known.get(url.pathname);
    if (url.origin !== ORIGIN) {
      strayed.push(url.href);
      return route.abort();
    }
    if (code !== undefined) return route.fulfill({ contentType: "text/javascript", body: code });
    if (url.pathname === "/" || url.pathname.startsWith("/page"))
      return route.fulfill({ contentType: "text/html", body: PAGE });
    return route.fulfill({ status: 404, body: "" });
  });
  await page.addInitScript(WATCH);
  await page.goto(`${ORIGIN}/`);
  await page.waitForSelector("html[data-ready]");
  return strayed;
}
