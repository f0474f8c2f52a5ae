/**
 * The script that customers put on their page. It imports nothing: it notes the calls that come too early, fetches
 * the boot chunk, and hands them over. Whatever goes wrong here must stay silent.
 */
type Api = { [method: string]: (...args: unknown[]) => unknown };
/** A call that came before the boot chunk; `off` once the host has taken an `on` or `hold` back. */
interface Call {
  0: string;
  1: ArrayLike<unknown>;
  off?: unknown;
  result?: unknown;
  settle?: (value: unknown) => void;
}
interface Stub {
  q?: { push(call: Call): unknown };
  push?: (call: Call) => unknown;
  loader?: number;
  [method: string]: unknown;
}
interface Boot {
  /** The tag's `data-` attributes; the boot chunk makes sense of them. */
  boot(options: { [name: string]: unknown }): Api | Promise<Api>;
}
/** By name: base64 of the SHA-256 that a file must have, and behind it the names of other files that it imports. */
type Files = { readonly [name: string]: string };

// The build writes in here which file is the boot chunk, and its hash and those of the files that it asks for.
declare const __CAIRN_BOOT__: string;
declare const __CAIRN_FILES__: Files;

// More calls than this before the boot chunk arrives means that it never will.
const MAX_WAITING = 1_000;
const METHODS =
  "identify group track page start stop explain decisions on hold consent preferences setLocale reset destroy";

(() => {
  try {
    const page = window as unknown as { cairn?: Stub & ArrayLike<Call> };
    const script = document.currentScript as HTMLScriptElement | null;
    // An element with this id is no property of its own, and in nobody's way.
    const early = Object.hasOwn(page, "cairn") ? page.cairn : undefined;
    const queue = early?.q ?? early;
    // Started already, or somebody else's.
    if (early?.loader || (queue && !queue.push) || !script) return;

    // The host may have kept a reference to its inline stub, so the same object stays in use for good.
    const cairn = (early ?? {}) as Stub;
    const waiting: Call[] = [];
    let api: Api | undefined;

    const replay = (call: Call): unknown => {
      try {
        call.result = api?.[call[0]]?.(...(call[1] as unknown[]));
        call.settle?.(call.result);
        if (call.off) (call.result as () => void)();
      } catch {}
      return call.result;
    };
    const take = (call: Call): unknown => {
      const method = call?.[0];
      if (api) return replay(call);
      if (waiting.length < MAX_WAITING) waiting.push(call);
      if (method === "decisions") return [];
      if (method === "explain")
        return new Promise((settle) => {
          call.settle = settle;
        });
      // biome-ignore lint/suspicious/noAssignInExpressions: this file has a budget of one kilobyte
      return () => (call.result ? (call.result as () => void)() : (call.off = 1));
    };

    const queued = Array.from((queue ?? []) as ArrayLike<Call>);
    for (const method of METHODS.split(" "))
      cairn[method] = (...args: unknown[]) => take([method, args] as Call);
    cairn.push = take;
    cairn.q = { push: take };
    cairn.loader = 1;
    page.cairn = cairn as Stub & ArrayLike<Call>;
    queued.forEach(take);

    const { src, nonce, dataset } = script;
    const files = __CAIRN_FILES__;
    // Made absolute by hand: a classic script of another origin has about:blank as its base
    // (https://html.spec.whatwg.org/#creating-a-classic-script, muted errors).
    const hrefOf = (name: string) => new URL(name, src).href;
    const load = (name: string, given?: string): Promise<unknown> => {
      const hashOf = (one: string) => `sha256-${files[one] ?? given}`.split("?") as [string, ...string[]];
      const [, ...others] = hashOf(name);
      const checks = [name, ...others].map(
        (one) =>
          new Promise<unknown>((resolve, reject) => {
            const link = document.createElement("link");
            // Browsers without it never answer.
            if (!link.relList.supports("modulepreload")) return resolve(0);
            link.rel = "modulepreload";
            [link.integrity] = hashOf(one);
            link.crossOrigin = "";
            link.nonce = nonce ?? "";
            // One for both: "load" comes after "g", "error" before.
            link.onload = link.onerror = (event) => {
              link.remove();
              ((event as Event).type > "g" ? resolve : reject)(event);
            };
            link.href = hrefOf(one);
            document.head.append(link);
          }),
      );
      // `import()` takes no integrity, and Chromium would run what the link has refused: not before all have loaded.
      return Promise.all(checks).then(() => import(hrefOf(name)));
    };
    load(__CAIRN_BOOT__)
      .then((chunk) => (chunk as Boot).boot({ host: new URL(src).origin, ...dataset, load }))
      .then(
        (made) => {
          api = made;
          waiting.splice(0).forEach(replay);
        },
        () => {},
      );
  } catch {}
})();
