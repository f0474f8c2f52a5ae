import { deserialise } from "@cairn/engine/core";
import type { Config, Flow, JsonObject } from "@cairn/flow-schema";
import type { Cairn, CairnOptions, ServerOptions } from "../api.ts";
import { createListen } from "../dom/listen.ts";
import { createErrors } from "../errors.ts";
import type { Clock, Guard, Platform, Store } from "../ports.ts";
import { createRequest } from "../transport/request.ts";
import { PREVIEW } from "./preview-link.ts";
import { showMark } from "./preview-mark.ts";
import { wordsFor } from "./words.ts";

/** A notice about a preview that is none goes by itself after this. Milliseconds. */
const NOTICE_MS = 10_000;
/** By then it is known whether the flow could be shown. Milliseconds. */
const JUDGE_MS = 1_500;
/** Between two looks at whether hints stand where the mark does. Milliseconds. */
const LOOK_MS = 250;
/** What the tab keeps, so that a tour goes on after a page load. */
const STATE = `${PREVIEW}-state`;

interface Who {
  readonly id?: string;
  readonly traits?: JsonObject;
}
/** Answer of the server: its definitions with the draft among them, and what is previewed. */
type PreviewConfig = Config & {
  readonly preview: { readonly flow: string; readonly user?: Who; readonly account?: Who };
};

/**
 * Shows a draft in this tab: to the person that the link names, at once, whatever its rules say. Nothing is sent,
 * nothing is stored but in the tab itself, the host's handlers hear of nothing that happens, and its word on who is
 * signed in does not count. Where the link is no good any more, it says so, and the page goes on as always.
 */
export async function createPreview(
  options: ServerOptions,
  platform: Platform,
  createClient: (options: CairnOptions, platform: Platform) => Cairn,
): Promise<Cairn> {
  const { window } = platform;
  const { document, sessionStorage } = window;
  const locale = options.locale || document.documentElement.lang || window.navigator.language || "en";
  const words = wordsFor(locale);
  const { guarded } = createErrors({
    clock: platform.clock,
    logger: options.debug ? platform.logger : undefined,
    first() {},
    trip() {},
  });
  const guard: Guard = (fn) => guarded("ui", fn);
  const clock: Clock = {
    now: platform.clock.now,
    after: (ms, fn) => platform.clock.after(ms, guard(fn)),
  };
  const forget = () => {
    sessionStorage.removeItem(PREVIEW);
    sessionStorage.removeItem(STATE);
  };
  /** The page as it would be without the link; with a word on why. */
  function normal(line?: string): Cairn {
    if (line !== undefined) {
      const mark = showMark(document, {
        locale,
        title: line,
        button: words.close,
        press: () => mark.dispose(),
        guard,
      });
      clock.after(NOTICE_MS, mark.dispose);
    }
    return createClient(options, platform);
  }

  const token = takeToken(window);
  const request = createRequest({ fetch: platform.fetch, clock, host: options.host });
  const query = `key=${encodeURIComponent(options.key)}&token=${encodeURIComponent(token)}`;
  const answer = await request(`/v1/preview?${query}`, { cache: "no-store" }, async (response) => ({
    status: response.status,
    config: response.ok ? ((await response.json()) as PreviewConfig) : undefined,
  }));
  const config = answer?.config;
  if (!config?.preview || config.schemaVersion !== 1 || !Array.isArray(config.flows)) {
    // A server that is away may be back at the next page.
    const isOver = answer !== undefined && answer.status < 500;
    if (isOver) forget();
    return normal(isOver ? words.ended : words.unreachable);
  }

  const { createMemoryStore } = await platform.loadRare();
  const values = new Map<string, unknown>(readState(sessionStorage));
  const inMemory = createMemoryStore(values);
  /** In this tab alone, and at once: the page may be left at any moment. */
  const keep = () => {
    // Left meanwhile: nothing stays.
    if (sessionStorage.getItem(PREVIEW)) sessionStorage.setItem(STATE, JSON.stringify([...values]));
  };
  const kept = (writing: Promise<void>) => writing.then(keep);
  const store: Store = {
    ...inMemory,
    put: (entries) => kept(inMemory.put(entries)),
    update: (key, fn, also) => kept(inMemory.update(key, fn, also)),
  };
  const { preview, ...definitions } = config;
  const isOpen = [...values.values()].some((saved) => {
    const { text } = saved as { readonly text?: string };
    return text && deserialise(text)?.local.open.some(({ flow }) => flow === preview.flow);
  });
  const { debug } = options;
  const flows = alone(definitions.flows, preview.flow);
  const cairn = createClient(
    // Without a key nothing is sent; the environment's name is its own, so that no other tab has a part in it.
    { locale, debug, config: { ...definitions, flows, environment: `${PREVIEW} ${token}` } },
    { ...platform, openStore: () => store },
  );

  const { user, account } = preview;
  const name = flows.find(({ id }) => id === preview.flow)?.name ?? preview.flow;
  const mark = showMark(document, {
    locale,
    title: words.preview.replace("{flow}", name),
    line: user?.id && words.as.replace("{user}", user.id),
    button: words.leave,
    press() {
      forget();
      window.location.reload();
    },
    guard,
  });
  let unlook = () => {};
  const look = () => {
    mark.stepAside();
    unlook = clock.after(LOOK_MS, look);
  };
  look();
  cairn.identify(user?.id ?? PREVIEW, user?.traits);
  if (account?.id) cairn.group(account.id, account.traits);
  // What is open goes on where it was.
  if (!isOpen) cairn.start(preview.flow, { force: true });
  clock.after(JUDGE_MS, () => {
    const last = cairn
      .decisions()
      .filter(({ flow }) => flow === preview.flow)
      .at(-1);
    if (last?.outcome === "held" && last.reason !== "active")
      mark.say(
        last.reason === "target-missing" ? words.missing : words.held.replace("{reason}", `${last.reason}`),
      );
  });
  // What has happened on the page shows that it could be.
  cairn.on("flow.shown", () => mark.say((user?.id && words.as.replace("{user}", user.id)) ?? ""));

  // The host may have emptied the storage when somebody signed out.
  const listen = createListen(guarded("ui", (fn: () => void) => fn()));
  const unlisten = listen(window, "pagehide", () => {
    if (sessionStorage.getItem(PREVIEW)) noteTab(window);
  });

  const nothing = () => {};
  return {
    ...cairn,
    identify: nothing,
    group: nothing,
    reset: nothing,
    consent: nothing,
    // The product's own figures count no previews; what it does itself it goes on doing.
    on: (type, handler) => (type === "navigate" || type === "contact" ? cairn.on(type, handler) : nothing),
    destroy() {
      unlisten();
      unlook();
      mark.dispose();
      cairn.destroy();
    },
  };
}

/** Tells the pages of this browser that there are tabs with a preview. It stays: other tabs may have one, too. */
function noteTab({ localStorage }: Window): void {
  try {
    localStorage.setItem(PREVIEW, "1");
  } catch {
    // Full: the preview ends with this page.
  }
}

/** The token of the link, which goes out of the address, else the one that the tab remembers. */
function takeToken(window: Window): string {
  const { location, history, sessionStorage } = window;
  const [, token] = new RegExp(`${PREVIEW}=([\\w.-]+)`).exec(location.hash) ?? [];
  if (token !== undefined) {
    const rest = location.hash.replace(new RegExp(`[#&]?${PREVIEW}=[^&]*`), "");
    sessionStorage.removeItem(STATE);
    sessionStorage.setItem(PREVIEW, token);
    noteTab(window);
    const address = `${location.pathname}${location.search}${rest === "" ? "" : rest.replace(/^&?#?/, "#")}`;
    history.replaceState(history.state, "", address);
  }
  return sessionStorage.getItem(PREVIEW) ?? "";
}

function readState(storage: Storage): [string, unknown][] {
  try {
    const entries: unknown = JSON.parse(storage.getItem(STATE) ?? "[]");
    return Array.isArray(entries) ? entries : [];
  } catch {
    return [];
  }
}

/** The other flows stay, since the draft may start them, but none comes by itself. */
const alone = (flows: readonly Flow[], id: string): Flow[] =>
  flows.map((flow) => (flow.id === id ? flow : { ...flow, trigger: { event: "cairn.never" } }));
