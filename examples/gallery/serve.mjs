import { createReadStream } from "node:fs";
import { cp, mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { fixedPreact } from "../../packages/sdk/scripts/fixed-preact.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = join(here, "dist");
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".vtt": "text/vtt; charset=utf-8",
  ".webm": "video/webm",
};
/** As strict as a host's page can be: no inline script or style, and no string becomes script or markup. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; frame-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

/** The Preact of the script tag's bundle, so that what is looked at here is what ships. */
const shippedPreact = {
  name: "shipped-preact",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^preact(\/jsx-runtime)?$/ }, ({ path }) => ({ path: fixedPreact.resolveId(path) }));
    onLoad({ filter: /[\\/]preact[\\/].*\.js$/ }, async ({ path }) => {
      const fail = (message) => {
        throw new Error(message);
      };
      const fixed = fixedPreact.transform.call({ error: fail }, await readFile(path, "utf8"), path);
      return fixed && { contents: fixed.code, loader: "js" };
    });
  },
};

/** Builds the gallery and serves it on this port of the loopback address (0: any free one). */
export async function serveGallery(port = 0) {
  await mkdir(out, { recursive: true });
  for (const file of [
    "index.html",
    "whole.html",
    "page.css",
    "chart.svg",
    "frame.html",
    "face.svg",
    "film.webm",
    "poster.svg",
    "film.en.vtt",
    "film.ru.vtt",
  ])
    await cp(join(here, file), join(out, file));
  await build({
    entryPoints: [join(here, "gallery.ts"), join(here, "whole.ts")],
    outdir: out,
    bundle: true,
    splitting: true,
    minify: true,
    format: "esm",
    target: "es2022",
    jsx: "automatic",
    jsxImportSource: "preact",
    conditions: ["cairn-source"],
    plugins: [shippedPreact],
    logLevel: "error",
  });
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? "/", "http://x").pathname);
    const file = join(out, path === "/" ? "index.html" : path);
    const body = createReadStream(file);
    body.once("error", () => response.writeHead(404).end());
    body.once("open", () => {
      response.writeHead(200, {
        "content-type": TYPES[extname(file)] ?? "application/octet-stream",
        "content-security-policy": POLICY,
        "cache-control": "no-store",
      });
      body.pipe(response);
    });
  });
  await new Promise((done) => server.listen(port, "127.0.0.1", () => done(undefined)));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { url } = await serveGallery(Number(process.env.PORT ?? 8788));
  process.stdout.write(`gallery: ${url}\n`);
}
