import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
};
const FILES = ["/page.html", "/frame.html", "/page.css", "/picture.svg"];
/** As strict as a host's page can be: no inline script or style, and no string becomes script or markup. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; media-src 'self'; frame-src 'self'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

/**
 * Serves the page of these tests with the SDK, from source, on a free port of the loopback address. `answer` may answer
 * a request itself.
 */
export async function serveSite(answer = () => undefined) {
  const { outputFiles } = await build({
    entryPoints: [join(here, "page.ts")],
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
  });
  const files = new Map(outputFiles.map(({ path, text }) => [path, text]));
  for (const file of FILES) files.set(file, await readFile(join(here, file), "utf8"));

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const own = answer(url, request);
    // Any path without an ending is a page of the product.
    const path = extname(url.pathname) ? url.pathname : "/page.html";
    const body = own?.body ?? files.get(path);
    response
      .writeHead(own?.status ?? (body === undefined ? 404 : 200), {
        "content-type": own ? "application/json" : (TYPES[extname(path)] ?? "text/plain"),
        "content-security-policy": POLICY,
        "cache-control": "no-store",
      })
      .end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
