import type { Facts, State } from "@cairn/engine";
import { createState, deserialise } from "@cairn/engine/core";
import type { JsonObject, Message } from "@cairn/flow-schema";
import type { Clock, Store } from "../ports.ts";
import { backoff, MAX_RETRY_AFTER_MS, retryAfterMs } from "./judge.ts";
import type { Outcome } from "./queue.ts";
import type { Request } from "./request.ts";
import type { Post, Send } from "./send.ts";

/** What a host gives `identify`: a signed user token, or what fetches one. */
export type Token = string | (() => string | Promise<string>);

/** How long `identify` waits for the person's state; what comes later is joined when it comes. Milliseconds. */
const PULL_MS = 3_000;
/** A token is renewed so long before it ends, and its function asked so often at most. Milliseconds. */
const RENEW_MS = 60_000;
const ASK_MS = 30_000;
/** A host's function that is silent for longer is given up. Milliseconds. */
const TOKEN_MS = 10_000;
/** From a change to its sending, and from one sending to the next. Milliseconds. */
const PUSH_MS = 2_000;
const REST_MS = 15_000;
/** The server takes no more. */
const MAX_STATE = 500_000;
/** Keepalive requests share 64 KiB, of which the copy of the events may need nearly all. Bytes. */
const MAX_LEAVING = 8_000;
const bytesOf = (text: string) => new TextEncoder().encode(text).length;

/** What the server knows of a person whose token it has accepted. */
export interface Known {
  readonly state?: State | undefined;
  readonly facts?: Facts | undefined;
  /** Signed: they win over what the host says. */
  readonly traits?: JsonObject | undefined;
  readonly account?: { readonly id: string; readonly traits?: JsonObject } | undefined;
}

export interface StateClientPorts {
  readonly request: Request;
  readonly post: Post;
  readonly clock: Clock;
  readonly key: string;
  readonly environment: string;
  readonly store: Store;
  readonly userId: string;
  readonly token: Token;
  /** From 0 to 1. */
  random(): number;
  /** The state that the engine holds. */
  state(): State;
  /** As JSON. */
  toText(value: unknown): string;
  /** Takes in what came too late for `pull`, or from another device. */
  learn(known: Known): Promise<void> | void;
  report(error: unknown): void;
}

/** One person's state on the server: pulled when the person is known, pushed after changes, joined on both sides. */
export interface StateClient {
  readonly userId: string;
  /** What the server knows; `undefined` where it refuses the token, cannot be reached, or takes too long. */
  pull(): Promise<Known | undefined>;
  /** The host has given another token for the same person. */
  use(token: Token): void;
  /** The state has changed: it will be sent soon. */
  changed(): void;
  /** The page may be going, or the person: sends what is unsent where it is small. */
  leave(): void;
  /** Sends events with the token. Refused, it is renewed once; then they go without, as unverified ones. */
  readonly send: Send;
  dispose(): void;
}

interface Claims {
  readonly sub?: unknown;
  readonly exp?: unknown;
}
/** What a token says; not whether it is true, which only the server can tell. */
function claimsOf(jwt: string): Claims {
  try {
    const part = (jwt.split(".")[1] ?? "").replace(/-/g, "+").replace(/_/g, "/");
    const bytes = Uint8Array.from(atob(part), (char) => char.charCodeAt(0));
    return (JSON.parse(new TextDecoder().decode(bytes)) ?? {}) as Claims;
  } catch {
    return {};
  }
}

interface Reply {
  readonly status: number;
  readonly retryAfter: string | null;
  readonly body: {
    readonly state?: unknown;
    readonly facts?: Facts | null;
    readonly traits?: JsonObject;
    readonly account?: { readonly id: string; readonly traits?: JsonObject } | null;
  } | null;
}

export function createStateClient(ports: StateClientPorts): StateClient {
  const { request, post, clock, store, userId, report } = ports;
  const { now } = clock;
  const path = `/v1/state?key=${encodeURIComponent(ports.key)}`;
  /** Where the moment is kept before which the server is not to be asked, for all tabs and pages. */
  const laterKey = `${ports.environment}|later|state`;
  let source = ports.token;
  let current: string | undefined;
  let ends = 0;
  let asked = Number.NEGATIVE_INFINITY;
  let asking: Promise<string | undefined> | undefined;

  let alive = true;
  /** The server does not take this state, or not from this person. */
  let refused = false;
  let dirty = false;
  let isPushing = false;
  let isJoining = false;
  let attempt = 0;
  let notBefore = 0;
  /** The same by the server's own word: not even a page that goes asks before. */
  let later = 0;
  /** What the server is known to have. */
  let there: string | undefined;
  let cancel: (() => void) | undefined;

  /* ---- the token ---- */
  async function fetchToken(): Promise<string | undefined> {
    asked = now();
    let stop = () => {};
    const late = new Promise<undefined>((resolve) => {
      stop = clock.after(TOKEN_MS, () => resolve(undefined));
    });
    try {
      const jwt = await Promise.race([typeof source === "function" ? source() : source, late]);
      const { sub, exp } = claimsOf(`${jwt}`);
      // A token of somebody else would lead to somebody else's state.
      current = sub === userId ? jwt : undefined;
      ends = typeof exp === "number" ? exp * 1_000 : 0;
    } catch {
      // The host's function is the host's; without a token the person is unverified.
      current = undefined;
    }
    stop();
    return current;
  }
  /** A token that is good for a while yet, as far as this device's clock can tell; `renew`: the server refused it. */
  async function token(renew = false): Promise<string | undefined> {
    const isFixed = typeof source !== "function";
    const isGood = isFixed ? asked > 0 : now() < ends - RENEW_MS || now() < asked + ASK_MS;
    if (isGood && (isFixed || !renew)) return current;
    asking ??= fetchToken().finally(() => {
      asking = undefined;
    });
    return asking;
  }
  async function ask(init: RequestInit): Promise<Reply | undefined> {
    if (!init.keepalive) {
      // Another page may have been told. What is further off is a mistake, or a clock that has gone back.
      const told = Number(await store.get(laterKey)) || 0;
      if (told <= now() + MAX_RETRY_AFTER_MS) later = Math.max(later, told);
    }
    if (now() < later) return undefined;
    let last: string | undefined;
    let reply: Reply | undefined;
    for (const renew of [false, true]) {
      const jwt = await token(renew);
      if (!jwt || jwt === last) break;
      last = jwt;
      reply = await request(
        path,
        { ...init, headers: { ...init.headers, Authorization: `Bearer ${jwt}` } },
        async (answer) => ({
          status: answer.status,
          retryAfter: answer.headers.get("Retry-After"),
          body: answer.ok ? await answer.json() : null,
        }),
      );
      if (reply?.status !== 401) break;
    }
    const wait = reply?.body ? 0 : retryAfterMs(reply?.retryAfter ?? null, now());
    if (wait && alive) {
      later = now() + wait;
      await store.put([[laterKey, later]]);
    }
    return reply;
  }

  /* ---- the state ---- */
  async function fetchState(): Promise<Known | undefined> {
    const body = (await ask({ cache: "no-store" }))?.body;
    if (!alive || !body) return undefined;
    const { facts, traits, account } = body;
    const text = typeof body.state === "string" ? body.state : "";
    const found = deserialise(text);
    there = found && ports.toText(found.shared);
    // What this device alone has told is nothing new to it.
    const isNews = found && there !== shared();
    changed();
    return {
      traits,
      state: isNews ? found : undefined,
      facts: facts ?? undefined,
      account: account ?? undefined,
    };
  }
  async function learn(known: Known): Promise<void> {
    isJoining = true;
    try {
      await ports.learn(known);
    } finally {
      isJoining = false;
    }
  }
  function changed(): void {
    if (!alive || refused || isJoining) return;
    dirty = true;
    cancel ??= clock.after(Math.max(PUSH_MS, notBefore - now(), later - now()), () => {
      cancel = undefined;
      push().catch(report);
    });
  }
  const shared = () => ports.toText(ports.state().shared);
  /** What other devices need to know, and no more: no traits, no address, no account. */
  function textOf({ shared, device, person: { anonymousId } }: State): string {
    return ports.toText({ ...createState({ device, anonymousId, userId, now: now() }), shared });
  }
  async function push(keepalive = false): Promise<void> {
    if (keepalive && (refused || now() < later)) return;
    const news = shared();
    const text = textOf(ports.state());
    if (!dirty || (isPushing && !keepalive)) return;
    const body = ports.toText({ state: text });
    if (news === there || bytesOf(text) > MAX_STATE || (keepalive && bytesOf(body) > MAX_LEAVING)) return;
    dirty = false;
    isPushing = true;
    const reply = await ask({
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body,
      keepalive,
    });
    isPushing = false;
    if (!alive) return;
    notBefore = now() + REST_MS;
    if (reply?.body) {
      attempt = 0;
      there = news;
      const joined = reply.body.state;
      const state = typeof joined === "string" && joined !== text ? deserialise(joined) : undefined;
      if (state) await learn({ state });
    } else {
      refused = reply !== undefined && reply.status < 500 && ![408, 425, 429].includes(reply.status);
      notBefore = Math.max(now(), later) + REST_MS + backoff(attempt++, ports.random());
      dirty = true;
    }
    // What has changed meanwhile, or was not taken.
    if (dirty) changed();
  }

  async function send(batch: readonly Message[], keepalive?: boolean): Promise<Outcome | undefined> {
    // A page that is going does not wait for a token.
    if (keepalive) return post(batch, true, current);
    const jwt = await token();
    const outcome = await post(batch, false, jwt);
    if (outcome?.status !== 401 || jwt === undefined) return outcome;
    const next = await token(true);
    const again = next && next !== jwt ? await post(batch, false, next) : outcome;
    return again?.status === 401 ? post(batch) : again;
  }

  return {
    userId,
    async pull() {
      let stop = () => {};
      let isLate = false;
      const late = new Promise<undefined>((resolve) => {
        stop = clock.after(PULL_MS, () => {
          isLate = true;
          resolve(undefined);
        });
      });
      const found = fetchState();
      found.then((known) => (isLate && known ? learn(known) : undefined)).catch(report);
      const known = await Promise.race([found, late]);
      stop();
      return known;
    },
    use(next) {
      if (next === source) return;
      source = next;
      asked = Number.NEGATIVE_INFINITY;
      ends = 0;
    },
    changed,
    leave: () => void push(true).catch(report),
    send,
    dispose() {
      alive = false;
      cancel?.();
    },
  };
}
