import type { Page } from "puppeteer-core";

/**
 * Runs in the page before anything else: says what a tab hears, says, stores and sends, so that a round that went wrong
 * can be read afterwards. A tab that crashes keeps no log of its own.
 */
function traceTab(): void {
  const say = (...words: unknown[]) => console.debug("trace", Date.now(), ...words);
  interface Runs {
    [flow: string]: { [run: string]: { seen?: number; end?: number; why?: string } };
  }
  const inShort = (text: unknown): string => {
    try {
      const { shared, local } = JSON.parse(String(text)) as {
        shared: { runs: Runs };
        local: { open: { run: string; on: string | null }[] };
      };
      const runs = Object.values(shared.runs).flatMap((byRun) => Object.entries(byRun));
      return [
        ...runs.map(([id, { seen, why }]) => `run ${id}${seen ? " seen" : ""}${why ? ` ${why}` : ""}`),
        ...local.open.map(({ run, on }) => `open ${run} ${on}`),
      ].join(", ");
    } catch {
      return "?";
    }
  };
  const news = (data: Record<string, unknown>) => {
    const { text, ...rest } = data;
    return `${JSON.stringify(rest)} ${text === undefined ? "" : inShort(text)}`;
  };
  const { postMessage } = BroadcastChannel.prototype;
  BroadcastChannel.prototype.postMessage = function (data) {
    say("post", news(data));
    postMessage.call(this, data);
  };
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (value, key) {
    const { text, event } = (value ?? {}) as { text?: unknown; event?: unknown };
    say("put", key, text === undefined ? JSON.stringify(event ?? value) : inShort(text));
    return put.call(this, value, key);
  };
  const { locks } = navigator;
  if (locks) {
    const { request } = locks;
    locks.request = ((name: string, options: LockOptions, callback: LockGrantedCallback<unknown>) => {
      const { steal } = options;
      return request
        .call(locks, name, options, (lock) => {
          if (lock || steal) say("lock", name, steal ? "steal" : "", lock ? "had" : "busy");
          return callback(lock);
        })
        .catch((error) => {
          say("lock", name, "lost", String(error));
          throw error;
        });
    }) as typeof request;
  }
  const { fetch } = window;
  window.fetch = (input, init) => {
    const events = [...String(init?.body ?? "").matchAll(/"event":"([^"]*)"/g)].map(([, event]) => event);
    if (events.length) say("send", init?.keepalive ? "copy" : "", ...events);
    return fetch(input, init);
  };
  for (const type of ["pagehide", "pageshow"])
    addEventListener(type, (event) => say(type, String((event as PageTransitionEvent).persisted)), true);
  addEventListener("focus", ({ target }) => target === window && say("focus"), true);
  for (const type of ["freeze", "resume", "visibilitychange"])
    document.addEventListener(type, () => say(type, document.visibilityState), true);
  let isShown = false;
  new MutationObserver(() => {
    const root = document.querySelector("cairn-root")?.shadowRoot;
    if (!root) return;
    const look = () => {
      const card = !!root.querySelector(".card");
      if (card !== isShown) say(card ? "card" : "no card");
      isShown = card;
    };
    look();
    new MutationObserver(look).observe(root, { childList: true, subtree: true });
  }).observe(document, { childList: true, subtree: true });
  say("page", document.visibilityState);
}

/** Collects what the page says, one line each, under a name. */
export async function trace(page: Page, name: string, lines: string[]): Promise<void> {
  page.on("console", (message) => {
    const text = message.text();
    if (text.startsWith("trace ")) lines.push(`${text.slice("trace ".length)} [${name}]`);
  });
  await page.evaluateOnNewDocument(traceTab);
}
