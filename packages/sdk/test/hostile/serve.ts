import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Message } from "@cairn/flow-schema";
import { HOSTILE_PAGES, type HostilePage } from "./pages.ts";

const SCRIPTS = join(import.meta.dirname, "../../dist/script");
const HERE = import.meta.dirname;
const NONCE = "aG9zdA";

export const CONFIG = {
  schemaVersion: 1,
  environment: "hostile",
  flows: [
    {
      schemaVersion: 1,
      id: "save-hint",
      kind: "tooltip",
      trigger: { page: "/*" },
      frequency: { atMost: null },
      steps: [
        {
          id: "save",
          target: { anchor: "save-button" },
          title: "Save here",
          body: "With **bold** and `code`.",
          actions: [{ id: "ok", label: "Got it", do: "done" }],
        },
      ],
    },
  ],
  features: [],
  settings: { budget: null },
};

/** What a release before this one did: it knew nothing of hashes. */
const oldLoader = (boot: string) => `(() => {
  const script = document.currentScript, queue = [], cairn = { loader: 1 };
  for (const name of ["track", "identify"]) cairn[name] = (...args) => queue.push([name, args]);
  window.cairn = cairn;
  import(new URL("./${boot}", script.src).href).then((chunk) => {
    const api = chunk.boot({ key: script.dataset.key, host: script.dataset.host, consent: undefined, locale: undefined, debug: false });
    Object.assign(cairn, api);
  }).catch(() => {});
})();`;

export interface Site {
  /** Of the host's pages. */
  readonly url: string;
  /** What reached Cairn's server from this page, as long as it was well-formed. */
  messages(page: string): Message[];
  close(): void;
}

async function listen(handle: (request: IncomingMessage, response: ServerResponse) => void): Promise<Server> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
const portOf = (server: Server) => (server.address() as AddressInfo).port;
async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}

/** Host pages on one origin, Cairn's files and server on another. */
export async function serveHostile(): Promise<Site> {
  const received = new Map<string, Message[]>();
  const files = readdirSync(SCRIPTS);
  const named = (start: string) => files.find((name) => name.startsWith(start)) ?? "";

  const cairn = await listen(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://cairn.test");
    const headers = { "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin" };
    const js = { ...headers, "Content-Type": "text/javascript" };
    const end = (status: number, body = "", more: object = headers) =>
      response.writeHead(status, { ...headers, ...more }).end(body);
    if (request.method === "OPTIONS") return end(204);
    if (pathname === "/v1/config") {
      const config = { ...CONFIG, environment: searchParams.get("key") };
      return end(200, JSON.stringify(config), { "Content-Type": "application/json" });
    }
    if (pathname === "/v1/batch") {
      const body = await bodyOf(request);
      const { writeKey, batch } = JSON.parse(body) as { writeKey: string; batch: Message[] };
      if (!Array.isArray(batch) || !batch.every((one) => typeof one === "object")) return end(400, "{}");
      received.set(writeKey, [...(received.get(writeKey) ?? []), ...batch]);
      return end(200, JSON.stringify({ accepted: batch.length, duplicate: 0, rejected: [] }));
    }
    const [, how, file = ""] = /^\/([\w-]+)\/v1\/([\w.-]+)$/.exec(pathname) ?? [];
    if (!files.includes(file)) return end(404, "{}");
    const text = readFileSync(join(SCRIPTS, file), "utf8");
    if (how === "html")
      return end(200, "<!doctype html><title>Log in</title>", { "Content-Type": "text/html" });
    if (how === "tampered-loader" && file === "cairn.js")
      return end(200, `window.tampered = 1;\n${text}`, js);
    if (how === "old-loader" && file === "cairn.js") return end(200, oldLoader(named("boot-")), js);
    if (file.startsWith("boot-")) {
      if (how === "missing-boot") return end(404, "{}");
      if (how === "other-boot") return end(200, "export const start = () => { throw new Error('old') };", js);
      if (how === "tampered-boot") return end(200, `${text}\nwindow.tampered = 1;`, js);
    }
    if (file.startsWith("hint-") && how === "tampered-hint")
      return end(200, `${text}\nwindow.tampered = 1;`, js);
    return end(200, text, js);
  });
  const cairnUrl = `http://127.0.0.1:${portOf(cairn)}`;

  function html(
    { id, script = "", after = "", head = "", files: how = "good" as never, tags = 1, pinned }: HostilePage,
    on: boolean,
  ): string {
    const nonce = `nonce="${NONCE}"`;
    const { integrity } = JSON.parse(readFileSync(join(SCRIPTS, "release.json"), "utf8")) as {
      integrity: string;
    };
    const pin = pinned ? `integrity="${integrity}" crossorigin` : "";
    // The loader of a page whose hashes do not count is asked to have none.
    const tag = `<script async id="cairn" ${nonce} ${pin} src="${cairnUrl}/${how}/v1/cairn.js" data-key="pk_${id}" data-host="${cairnUrl}" data-debug="1"></script>`;
    return `${head.includes("quirks") ? "" : "<!doctype html>"}<html lang="en"><head><meta charset="utf-8"><title>Host</title>
${head}<script ${nonce}>${script}</script><script ${nonce} src="HOST/host.js"></script>
${on ? tag.repeat(tags) : ""}${after ? `<script ${nonce}>${on ? `document.getElementById("cairn").addEventListener("load", function () { ${after} })` : after}</script>` : ""}</head>
<body><div id="app"><h1>Host</h1><input id="name"><p></p><button id="save" class="main" data-cairn="save-button">Save</button></div></body></html>`;
  }

  const host = await listen((request, response) => {
    const { pathname, searchParams, origin } = new URL(request.url ?? "/", `http://${request.headers.host}`);
    const send = (body: string, type: string, more: object = {}) =>
      response.writeHead(200, { "Content-Type": type, "Cache-Control": "no-store", ...more }).end(body);
    if (pathname === "/api") return send("host's answer", "text/plain");
    if (pathname === "/host.js") return send(readFileSync(join(HERE, "host.js"), "utf8"), "text/javascript");
    if (pathname === "/worker.js")
      return send(
        `addEventListener("install", () => skipWaiting()); addEventListener("activate", (e) => e.waitUntil(clients.claim()));
addEventListener("fetch", (e) => { if (!e.request.url.startsWith(location.origin)) e.respondWith(new Response("worker", { status: 500 })) });`,
        "text/javascript",
      );
    const page = HOSTILE_PAGES.find(({ id }) => pathname === `/${id}`);
    if (!page) return response.writeHead(404).end();
    const on = searchParams.has("cairn");
    if (page.frame && !searchParams.has("inner"))
      return send(
        `<!doctype html><title>Outer</title><iframe sandbox="allow-scripts" width="900" height="500" src="/${page.id}?inner${on ? "&cairn" : ""}"></iframe>`,
        "text/html",
      );
    const text = html(page, on).replace("HOST/host.js", `${origin}/host.js`);
    return send(text, "text/html", page.csp ? { "Content-Security-Policy": page.csp } : {});
  });

  return {
    url: `http://127.0.0.1:${portOf(host)}`,
    messages: (page) => received.get(`pk_${page}`) ?? [],
    close() {
      host.close();
      cairn.close();
      host.closeAllConnections();
      cairn.closeAllConnections();
    },
  };
}
