import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Message } from "@cairn/flow-schema";
import { build } from "esbuild";
import { onceConfig } from "./site-config.ts";

/** What a server may do to a request, instead of answering it well. */
export type Misdeed = (request: IncomingMessage, response: ServerResponse) => void;
export type Route = "config" | "batch" | "state";

/**
 * A product's page with the script's boot chunk: `?key=` names the environment, `?host=` another server for the API,
 * `?tell` leaves a word in localStorage on whether the page was only prerendered, and on what it is once it is seen.
 */
const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Product</title></head>
<body><main><button data-cairn="here">Here</button><p>Product</p></main><script type="module" src="/start.js"></script></body></html>`;
/** Counts what reaches the host's own error handlers. */
const START = `
import { boot } from "./script.ts";
window.mishaps = [];
addEventListener("error", (event) => window.mishaps.push(String(event.message)));
addEventListener("unhandledrejection", (event) => window.mishaps.push(String(event.reason)));
const given = new URLSearchParams(location.search);
window.warnings = [];
console.warn = (...words) => window.warnings.push(words.join(" "));
window.start = (options = {}) => {
  window.cairn = boot({ key: given.get("key") ?? "pk_test", host: given.get("host") ?? location.origin, consent: undefined, locale: "en", debug: true, ...options });
  return window.cairn;
};
// For the page that has this one prerendered: nobody else can ask it.
if (given.has("tell")) {
  const tell = (when) => localStorage.setItem("told " + when, String(document.prerendering));
  tell("at boot");
  setTimeout(tell, 2_000, "later");
  const look = () =>
    localStorage.setItem("told once seen", JSON.stringify({
      prerendering: document.prerendering,
      wasMadeAhead: performance.getEntriesByType("navigation")[0].activationStart > 0,
      hasCard: !!document.querySelector("cairn-root")?.shadowRoot?.querySelector(".card"),
      mishaps: [...window.mishaps, ...window.warnings],
    }));
  document.addEventListener("prerenderingchange", () => setInterval(look, 100));
}
if (!given.has("wait")) window.start();
document.documentElement.dataset.ready = "";
`;

let files: Promise<ReadonlyMap<string, string>> | undefined;
const bundle = () => {
  files ??= build({
    stdin: { contents: START, resolveDir: fileURLToPath(new URL("../../src", import.meta.url)) },
    entryNames: "start",
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

/** A product and the Cairn server behind it, on one port of the loopback address; the server can be made to misbehave. */
export async function serveSite() {
  const code = await bundle();
  /** By environment, in order of arrival, each id once. */
  const stored = new Map<string, Message[]>();
  /** Ids that came more than once. */
  const doubled: string[] = [];
  const requests: { route: Route; at: number; body: string }[] = [];
  const misdeeds: { [route in Route]?: Misdeed | undefined } = {};

  function take(body: string): object {
    const { writeKey, batch } = JSON.parse(body) as { writeKey: string; batch: Message[] };
    const known = stored.get(writeKey) ?? [];
    stored.set(writeKey, known);
    let accepted = 0;
    for (const message of batch)
      if (known.some(({ messageId }) => messageId === message.messageId)) doubled.push(message.messageId);
      else accepted = known.push(message) && accepted + 1;
    return { accepted, duplicate: batch.length - accepted, rejected: [] };
  }
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "", "http://site");
    const say = (type: string, text: string) =>
      response.writeHead(200, { "Content-Type": type, "Access-Control-Allow-Origin": "*" }).end(text);
    if (request.method === "OPTIONS") {
      response
        .writeHead(204, {
          "Access-Control-Allow-Origin": "*",
          "Access-Control-Allow-Headers": "Authorization, Content-Type",
          "Access-Control-Allow-Methods": "GET,PUT,POST",
        })
        .end();
      return;
    }
    const script = code.get(url.pathname);
    if (script !== undefined) {
      say("text/javascript", script);
      return;
    }
    const route = /^\/v1\/(config|batch|state)$/.exec(url.pathname)?.[1] as Route | undefined;
    if (!route) {
      say("text/html; charset=utf-8", PAGE);
      return;
    }
    let body = "";
    request.setEncoding("utf8").on("data", (text) => {
      body += text;
    });
    request.on("end", () => {
      requests.push({ route, at: Date.now(), body });
      const misdeed = misdeeds[route];
      if (misdeed) misdeed(request, response);
      else if (route === "config")
        say("application/json", JSON.stringify(onceConfig(url.searchParams.get("key") ?? "")));
      else if (route === "state") say("application/json", '{"state":null,"facts":null}');
      else say("application/json", JSON.stringify(take(body)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${port}`,
    /** The same site where the browser finds it, but an insecure context: without Web Locks. */
    insecureUrl: `http://product.test:${port}`,
    port,
    stored,
    doubled,
    requests,
    /** `undefined` = behave. */
    misbehave(route: Route, how: Misdeed | undefined) {
      misdeeds[route] = how;
    },
    /** Nobody listens on the port … */
    close,
    /** … until it is opened again. */
    reopen: () => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve)),
  };
}
export type Site = Awaited<ReturnType<typeof serveSite>>;
