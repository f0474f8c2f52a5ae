import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { BODY_BUDGET } from "../src/ingest/body-budget.ts";
import { serve } from "../src/node.ts";
import type { Patience } from "../src/patient-server.ts";
import { createMemoryStorage } from "../src/storage/memory/memory-storage.ts";
import { buildServer } from "./built-server.ts";
import { type Hostile, hostileBodies } from "./hostile-bodies.ts";
import { SPAWNED_SECRET_KEY, spawnServer } from "./spawn-server.ts";

const SOAK = process.env.CAIRN_SOAK === "1";
const ROUNDS = SOAK ? 20 : 1;
/** What each answer may take where nothing else runs. */
const SOON_MS = 100;
/** What one may cost the server in all of its threads, on average, in milliseconds of processor time: ten times what it does. */
const COST_MS = 60;
/** How much more memory may be held at any moment of it than before: less than one bomb, unpacked and read, would take. */
const ROOM_MB = 200;
/**
 * What the server may keep of objects: less than a machine with plenty would let it, where Node collects so late that
 * its memory says more of Node than of what is kept. Whatever is kept for good ends a server that has no more.
 */
const OLD_SPACE_MB = 96;
const PUBLIC_KEY = "pk_hostile_0123456789";

const folder = mkdtempSync(join(tmpdir(), "cairn-hostile-"));
let built: Awaited<ReturnType<typeof buildServer>>;
let server: Awaited<ReturnType<typeof spawnServer>>;
beforeAll(async () => {
  built = await buildServer();
  const env = {
    CAIRN_PUBLIC_KEY: PUBLIC_KEY,
    CAIRN_RATE_ADDRESS: "off",
    CAIRN_RATE_KEY: "off",
    NODE_OPTIONS: `--max-old-space-size=${OLD_SPACE_MB}`,
  };
  server = await spawnServer(folder, { main: built.main, env });
});
afterAll(async () => {
  server.child.kill("SIGKILL");
  await server.exited;
  built.remove();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: IncomingHttpHeaders;
  readonly ms: number;
}
/** One request on a connection of its own, as clients keep them, its bytes as they are. */
function send(
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string | Buffer,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body);
    const agent = new Agent({ keepAlive: true });
    const sent = request(server.url + path, {
      method,
      agent,
      headers: { "content-length": `${bytes.length}`, ...headers },
    });
    const from = performance.now();
    let answered = false;
    // Who is refused before having said everything may find the connection closed while still speaking.
    sent.on("error", (error) => {
      if (!answered) reject(new Error(`${method} ${path}: ${error.message}`));
    });
    sent.on("response", (response) => {
      answered = true;
      const ms = performance.now() - from;
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("close", () => {
        agent.destroy();
        resolve({ status: response.statusCode ?? 0, text, headers: response.headers, ms });
      });
    });
    sent.end(bytes);
  });
}

const secret = { authorization: `Bearer ${SPAWNED_SECRET_KEY}` };
const json = { ...secret, "content-type": "application/json" };
interface Route {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  /** What is sent to others is not even looked at. */
  readonly readsBody: boolean;
  /** Puts a value where the route looks for one. */
  readonly wrap: (value: string) => string;
}

/** Where a route looks for values; without any, in a field that it does not know. */
const WRAPS: { readonly [route: string]: (value: string) => string } = {
  "POST /v1/batch": (v) => `{"batch":[{"type":"track","event":"e","userId":"u","properties":{"a":${v}}}]}`,
  "POST /v1/track": (v) => `{"event":"e","userId":"u","properties":{"a":${v}}}`,
  "POST /v1/identify": (v) => `{"userId":"u","traits":{"a":${v}}}`,
  "POST /v1/group": (v) => `{"userId":"u","groupId":"g","traits":{"a":${v}}}`,
  "POST /v1/page": (v) => `{"userId":"u","properties":{"a":${v}}}`,
  "PUT /v1/state": (v) => `{"state":${v}}`,
  "POST /v1/session": (v) => `{"email":${v},"password":${v}}`,
  "PUT /v1/flows/{id}": (v) =>
    `{"schemaVersion":1,"id":"x","kind":"tooltip","steps":[{"id":"s","title":${v}}]}`,
  "POST /v1/publish": (v) => `{"flows":["x"],"note":${v}}`,
  "POST /v1/apply": (v) => `{"segments":[{"id":"x","where":{"user":{"a":${v}}}}]}`,
  "POST /v1/plan": (v) => `{"segments":[{"id":"x","where":{"user":{"a":${v}}}}]}`,
  "POST /v1/previews": (v) => `{"flow":"x","user":{"id":"u","traits":{"a":${v}}}}`,
  "PUT /v1/features/{id}": (v) => `{"id":"x","name":${v},"uses":[{"event":"e"}],"activated":{"count":1}}`,
  "PUT /v1/segments/{id}": (v) => `{"id":"x","where":{"user":{"a":${v}}}}`,
  "PUT /v1/settings": (v) => `{"timezone":${v}}`,
  "POST /v1/keys": (v) => `{"kind":"public","name":${v}}`,
  "POST /v1/signing-keys": (v) => `{"alg":"EdDSA","publicKey":${v}}`,
  "PUT /v1/people/{email}": (v) => `{"role":"author","name":${v}}`,
};
/** Every other one reads a note, or nothing. */
const NOTE = (value: string) => `{"note":${value}}`;

/** All routes that may have a body, from the server's own list. */
async function routesWithBody(): Promise<readonly Route[]> {
  const { paths } = (await (await fetch(`${server.url}/v1/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { requestBody?: object }>>;
  };
  const made = await send("POST", "/v1/signing-keys", json, '{"alg":"HS256"}');
  const { kid, secret: signingSecret } = JSON.parse(made.text) as { kid: string; secret: string };
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: "HS256", kid })
    .setSubject("u")
    .setAudience("production")
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(signingSecret));
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(
        ([method, { requestBody }]) => requestBody !== undefined || method === "post" || method === "put",
      )
      .map(([method, { requestBody }]) => {
        const isState = path === "/v1/state";
        return {
          method: method.toUpperCase(),
          path: `${path.replaceAll(/\{\w+\}/g, "x")}${isState ? `?key=${PUBLIC_KEY}` : ""}`,
          readsBody: requestBody !== undefined,
          headers: isState ? { authorization: `Bearer ${token}` } : secret,
          wrap: WRAPS[`${method.toUpperCase()} ${path}`] ?? NOTE,
        };
      }),
  );
}

/** Milliseconds of processor time that the server has taken so far. */
const processorMs = () => {
  if (process.platform !== "linux") return 0;
  const [user, system] = readFileSync(`/proc/${server.child.pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ")
    .slice(11, 13);
  // In hundredths of a second, as Linux counts for everybody.
  return (Number(user) + Number(system)) * 10;
};

/** In MB: what is held now, or what was held at most. */
const memory = (which: "VmRSS" | "VmHWM") => {
  if (process.platform !== "linux") return 0;
  const status = readFileSync(`/proc/${server.child.pid}/status`, "utf8");
  return Number(new RegExp(`${which}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1024;
};

/** Whether it was dealt with: refused in the one error body, or taken as what it may also be. */
function complaint(
  { name, refused }: Hostile,
  { status, text }: Answer,
  readsBody: boolean,
): string | undefined {
  if (status >= 400 && status < 500) {
    const { error } = JSON.parse(text) as { error?: { code?: string; message?: string } };
    return error?.code && error.message ? undefined : "no error body";
  }
  if (status < 300 && !readsBody) return undefined;
  if (status < 300 && !refused) {
    // A batch answers for each message; one that reaches into prototypes is never stored.
    const isPrototype = name.includes("prototype") || name.includes("constructor");
    return isPrototype && !text.includes("forbidden-key") ? "a prototype key was taken" : undefined;
  }
  return "neither refused nor taken";
}

describe("hostile bodies", () => {
  it(`are refused on every route, never break the server, and cost no memory`, async () => {
    const routes = await routesWithBody();
    const wrong: string[] = [];
    const times: { readonly ms: number; readonly what: string }[] = [];
    const atRest = memory("VmRSS");
    const before = processorMs();
    for (let round = 0; round < ROUNDS; round++) {
      for (const { method, path, headers, wrap, readsBody } of routes)
        for (const hostile of hostileBodies(wrap)) {
          const answer = await send(method, path, { ...headers, ...hostile.headers }, hostile.body);
          const what = `${method} ${path}: ${hostile.name}`;
          times.push({ ms: answer.ms, what });
          const why = complaint(hostile, answer, readsBody);
          if (why !== undefined && round === 0)
            wrong.push(`${what}: ${answer.status}, ${why}: ${answer.text.slice(0, 150)}`);
        }
    }
    times.sort((a, b) => a.ms - b.ms);
    const at = (share: number) => times[Math.floor(times.length * share)]?.ms ?? 0;
    const late = times.filter(({ ms }) => ms > SOON_MS);
    const slowest = times.at(-1);
    const cost = (processorMs() - before) / times.length;
    console.log(
      `${times.length} hostile requests to ${routes.length} routes: median ${at(0.5).toFixed(1)} ms, 99 % within ${at(0.99).toFixed(0)} ms, slowest ${slowest?.ms.toFixed(0)} ms (${slowest?.what}), ${late.length} over ${SOON_MS} ms; ${cost.toFixed(1)} ms of processor time each; memory ${Math.round(atRest)} MB before, at most ${Math.round(memory("VmHWM"))}, ${Math.round(memory("VmRSS"))} after`,
    );
    expect(wrong).toEqual([]);
    expect(routes.length).toBeGreaterThanOrEqual(23);
    expect(routes.filter(({ readsBody }) => readsBody).length).toBeGreaterThanOrEqual(20);
    expect(times.length).toBe(ROUNDS * routes.length * 38);
    expect(cost).toBeLessThan(COST_MS);
    expect(memory("VmHWM") - atRest).toBeLessThan(ROOM_MB);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  }, 600_000);
});

/** Sends bytes as they are, and gives back all that comes until the connection is closed. */
function raw(
  url: string,
  write: (say: (text: string) => void, closed: () => boolean) => void,
): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let text = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text += chunk;
    });
    // The server may close while we speak.
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
    socket.on("connect", () =>
      write(
        (words) => socket.write(words, "latin1"),
        () => socket.destroyed,
      ),
    );
  });
}

const HEAD = "POST /v1/batch HTTP/1.1\r\nHost: x\r\n";
describe("what is not HTTP as it should be", () => {
  it.each([
    ["bytes at random", "\x00\x01\x02\xff\r\n\r\n", "400"],
    ["a head without an end", `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${"a".repeat(100_000)}`, "431"],
    ["two lengths", `${HEAD}Content-Length: 3\r\nContent-Length: 5\r\n\r\n{}`, "400"],
    ["a length and pieces", `${HEAD}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, "400"],
    ["a length below zero", `${HEAD}Content-Length: -1\r\n\r\n`, "400"],
    ["a length beyond all bounds", `${HEAD}Content-Length: 99999999999999999999999\r\n\r\n`, "400"],
    ["a piece of no size", `${HEAD}Transfer-Encoding: chunked\r\n\r\nxyz\r\n{}\r\n0\r\n\r\n`, "400"],
    ["NUL in a header", `${HEAD}X-A: a\x00b\r\n\r\n`, "400"],
    ["a header in two lines", `${HEAD}X-A: a\r\n b\rc\r\n\r\n`, "400"],
    ["no host", "GET /livez HTTP/1.1\r\n\r\n", "400"],
    ["another protocol", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "400"],
    ["TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "400"],
  ])("is answered and closed: %s", async (_, words, status) => {
    const answer = await raw(server.url, (say) => say(words));
    expect(answer.slice(0, 12)).toBe(`HTTP/1.1 ${status}`);
  });

  it("does not read a body that is announced larger than any route takes", async () => {
    const answer = await raw(server.url, (say) =>
      say(
        `${HEAD}Content-Type: application/json\r\nConnection: close\r\nContent-Length: 9000000000\r\n\r\n{`,
      ),
    );
    expect(answer.slice(0, 12)).toBe("HTTP/1.1 413");
  });
});

/** A server in this process, which cannot be late by itself: whoever speaks and whoever listens take turns. */
async function withServer(patience: Patience, body: (url: string) => Promise<void>): Promise<void> {
  const options = { port: 0, storage: createMemoryStorage(), patience, logLevel: "silent" } as const;
  const running = await serve({ ...options, secretKey: SPAWNED_SECRET_KEY });
  try {
    await body(running.url);
  } finally {
    await running.close();
  }
}
const LONG = 600_000;

describe("clients that go on speaking", () => {
  const ENDLESS = `${HEAD}Content-Type: application/json\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n`;
  const piece = `10000\r\n${"x".repeat(65_536)}\r\n`;
  /** Sends pieces, one in each turn, until it is told to stop. */
  const speak = (say: (text: string) => void, isOver: () => boolean, spoken: () => void) => {
    say(ENDLESS);
    const more = () => {
      if (isOver()) return;
      say(piece);
      spoken();
      setImmediate(more);
    };
    more();
  };

  it("are told so as soon as it is too much, and can read it while they still speak", () =>
    withServer({ head: LONG, whole: LONG, afterword: LONG }, async (url) => {
      let pieces = 0;
      const answer = await raw(url, (say, isOver) => speak(say, isOver, () => pieces++));
      expect(answer.slice(0, 12)).toBe("HTTP/1.1 413");
      expect(answer).toContain('"code":"too-large"');
      // A megabyte may come, and what is under way between the two.
      expect(pieces).toBeLessThan(500);
    }));

  it("can read it still when they have said all of it, long after it was answered", () =>
    withServer({ head: LONG, whole: LONG, afterword: LONG }, async (url) => {
      const { hostname, port } = new URL(url);
      const socket = connect(Number(port), hostname).pause();
      const said = (words: string) =>
        new Promise<void>((resolve, reject) =>
          socket.write(words, "latin1", (error) => (error ? reject(error) : resolve())),
        );
      await said(ENDLESS);
      // More than any buffer on the way holds: somebody reads it.
      for (let pieces = 0; pieces < 250; pieces++) await said(piece);
      // What lies below this server waits half a second for such clients, and then gives them up.
      await new Promise((later) => setTimeout(later, 700));
      for (let pieces = 0; pieces < 250; pieces++) await said(piece);
      let answer = "";
      for await (const chunk of socket.setEncoding("latin1")) answer += chunk;
      expect(answer.slice(0, 12)).toBe("HTTP/1.1 413");
    }));

  it.each([
    ["a body without an end", ENDLESS],
    ["no HTTP", "this is not HTTP\r\n\r\n"],
  ])("are cut off in the end, though they take no notice: %s", (_, first) =>
    withServer({ head: LONG, whole: LONG, afterword: 100 }, async (url) => {
      const { hostname, port } = new URL(url);
      await new Promise<void>((resolve) => {
        const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
        let answered = false;
        socket.on("data", () => {
          answered = true;
        });
        socket.on("error", () => {});
        socket.on("close", () => resolve());
        socket.on("connect", () => {
          socket.write(first);
          const more = () => {
            if (socket.destroyed) return;
            // As much as it takes to be refused; then a little, for ever.
            socket.write(first === ENDLESS ? (answered ? "1\r\nx\r\n" : piece) : "x");
            setTimeout(more, answered ? 5 : 0);
          };
          more();
        });
      });
    }),
  );
});

describe("bodies that stay one byte short", () => {
  it(
    "hold no more memory together than the budget, whichever way they come, and free it when they go",
    () =>
      withServer({ head: LONG, whole: LONG, afterword: LONG }, async (url) => {
        const { hostname, port } = new URL(url);
        const SHORT = "x".repeat(999_999);
        const CLIENTS = 100;
        const MOST = Math.floor(BODY_BUDGET / SHORT.length);
        const sockets: Socket[] = [];
        let refused = 0;
        await new Promise<void>((resolve, reject) => {
          for (let i = 0; i < CLIENTS; i++) {
            const socket = connect(Number(port), hostname);
            sockets.push(socket);
            const size =
              i % 2 === 0 ? "Content-Length: 1000000\r\n\r\n" : "Transfer-Encoding: chunked\r\n\r\nF4240\r\n";
            socket.on("error", () => {});
            let text = "";
            socket.setEncoding("latin1").on("data", (chunk: string) => {
              text += chunk;
              if (!text.includes('"}}')) return;
              try {
                expect(text.slice(0, 12)).toBe("HTTP/1.1 503");
                expect(text).toMatch(/^retry-after: 1\r$/im);
                expect(text).toMatch(/^connection: close\r$/im);
                expect(text).toContain('"code":"unavailable"');
              } catch (thrown) {
                reject(thrown);
              }
              text = "";
              refused += 1;
              if (refused >= CLIENTS - MOST) resolve();
            });
            socket.on("connect", () =>
              socket.write(`${HEAD}Content-Type: application/json\r\n${size}${SHORT}`),
            );
          }
        });
        expect(refused).toBeGreaterThanOrEqual(CLIENTS - MOST);
        // Nothing that could be kept is refused.
        expect(refused).toBeLessThan(CLIENTS);
        for (const socket of sockets) socket.destroy();
        const batch = [{ type: "page", messageId: "m", userId: "u" }];
        const body = JSON.stringify({ batch, filler: SHORT.slice(0, 900_000) });
        const all = async () =>
          await Promise.all(
            Array.from({ length: MOST - 5 }, () =>
              fetch(`${url}/v1/batch`, { method: "POST", headers: json, body }),
            ),
          );
        // It takes a moment until the server has heard that they are gone.
        let statuses = [503];
        while (statuses.includes(503)) statuses = (await all()).map(({ status }) => status);
        expect(new Set(statuses)).toEqual(new Set([200]));
      }),
    60_000,
  );
});

describe("slow clients", () => {
  it("are cut off with 408, whether it is the head or the body that does not come, and hold up nobody else", () =>
    withServer({ head: 400, whole: 800, afterword: LONG }, async (url) => {
      const CLIENTS = 50;
      const drip = (first: string) =>
        raw(url, (say, closed) => {
          say(first);
          const timer = setInterval(() => (closed() ? clearInterval(timer) : say("x")), 50);
        });
      const slow = [
        ...Array.from({ length: CLIENTS }, () => drip("GET /livez HTTP/1.1\r\nHost: x\r\nX-A: ")),
        ...Array.from({ length: CLIENTS }, () =>
          drip(`${HEAD}Content-Type: application/json\r\nContent-Length: 100000\r\n\r\n{`),
        ),
      ];
      // Where this process stands still for that long, everybody is too slow once.
      let honest = 408;
      while (honest === 408) honest = (await fetch(`${url}/livez`)).status;
      expect(honest).toBe(200);
      const answers = await Promise.all(slow);
      expect(answers).toHaveLength(2 * CLIENTS);
      for (const answer of answers) expect(answer.slice(0, 12)).toBe("HTTP/1.1 408");
    }));
});
