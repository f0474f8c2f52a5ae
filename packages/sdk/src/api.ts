import type { Decision } from "@cairn/engine";
import type { Explanation } from "@cairn/engine/explain";
import type { Config } from "@cairn/flow-schema";
import type { ErrorCode } from "./errors.ts";

export type Consent = "pending" | "granted" | "denied";
export type Traits = { readonly [name: string]: unknown };

/** Answer of `explain()`: why flows are shown or not, and how the SDK itself is. */
export interface Report {
  readonly sdk: string;
  /**
   * Where state and events are kept. `localstorage`: the database has failed on this page; `memory`: this page only, for
   * lack of consent or of anything that keeps.
   */
  readonly storage: "indexeddb" | "localstorage" | "memory";
  readonly consent: Consent;
  /** Whether definitions have arrived. */
  readonly config: boolean;
  /** `false` while the kill switch of the environment is off. */
  readonly enabled: boolean;
  /** Events given up on this page: refused for good, too old, or too many. */
  readonly droppedEvents: number;
  /** Internal errors seen on this page. */
  readonly errors: readonly ErrorCode[];
  readonly flows: readonly Explanation[];
  /** What keeps `flows` from answering, in sentences: a flow that is not published, definitions that never came. */
  readonly advice: readonly string[];
}

/** `window.cairn`, and what `createCairn` returns. No call ever throws; wrong arguments are ignored. */
export interface Cairn {
  /**
   * Says who uses the page. Text or number; the anonymous history goes with them. `traits` merge key by key into
   * what is known; targeting with `{"user":…}` reads them.
   */
  identify(userId: string, traits?: Traits, options?: IdentifyOptions): void;
  /**
   * Says which account the person works in. Reports read two traits: `seats`, how many are paid for, and `timezone` (an IANA
   * name), by whose clocks the account's weeks are counted.
   */
  group(accountId: string, traits?: Traits): void;
  /** Something happened. Names that begin with `cairn.` are reserved, and ignored. */
  track(event: string, properties?: Traits): void;
  /** The person went to another page. Address changes are noticed without it; call it to give the page a name. */
  page(name?: string, properties?: Traits): void;
  /** Starts a flow by hand: past trigger, frequency, budget and guard. `force` also passes audience and schedule. */
  start(flowId: string, options?: { readonly force?: boolean }): void;
  /** Ends a flow that is open, or all of them. */
  stop(flowId?: string): void;
  /** Why a flow (or each flow) is shown or not, as things stand. */
  explain(flowId?: string): Promise<Report>;
  /** What was decided for this person, oldest first. Bounded. */
  decisions(): readonly Decision[];
  /**
   * Calls `handler` with each recorded event of this type (`"flow.shown"`, `"step.action"` … without the prefix
   * `cairn.`), and before `"navigate"` `{path}` and `"contact"` `{who}`: a handler that returns `true` takes these
   * two over. Returns what takes the handler off.
   */
  on(type: string, handler: (detail: { readonly [key: string]: unknown }) => unknown): () => void;
  /** Nothing opens until the returned function is called. */
  hold(): () => void;
  /** Without consent nothing is stored and nothing is sent; `"denied"` also deletes what was stored. */
  consent(consent: "granted" | "denied"): void;
  /**
   * Opens a panel in which the person says what hints they want: categories, a pause, a tour once more. With `change`
   * it opens nothing and sets what they want: `paused` stops all hints, `categories` single kinds of them
   * (`{tip: false}`).
   */
  preferences(change?: Preferences): void;
  /** Language of hints, as a BCP-47 tag. @default the page's `lang`, else the browser's */
  setLocale(tag: string): void;
  /**
   * The person has signed out: what was stored of them here goes, and what follows belongs to somebody new. Their
   * unsent events stay queued, under their own ids.
   */
  reset(): void;
  /** Takes everything off the page for good. */
  destroy(): void;
}

export interface IdentifyOptions {
  /**
   * A signed user token (docs/security.md), or what fetches one: asked again before it ends, and once when the server
   * refuses it. With it the person's frequency, dismissals, snoozes and progress follow them to other devices.
   * @default none: state stays on this device, and events are unverified
   */
  readonly token?: string | (() => string | Promise<string>) | undefined;
}

export interface Preferences {
  readonly paused?: boolean;
  readonly categories?: { readonly [category: string]: boolean };
}

/** What leaves the browser beyond the defaults, or less than they let out; docs/privacy.md lists all of it. */
export interface PrivacyOptions {
  /** Names of query parameters that stay in addresses. @default none: query strings are cut off */
  readonly query?: readonly string[];
  /** Leaves the fragment in addresses. @default false */
  readonly hash?: boolean;
  /** Beginnings of paths, such as `"/patients/"`, of which nothing more is told, nor the title. @default none */
  readonly maskPaths?: readonly string[];
  /** Tells the page's title. @default true */
  readonly title?: boolean;
  /** Names of properties and traits that may leave, with all that is in them, in any case of letters. @default all */
  readonly allow?: readonly string[];
  /** Names of properties and traits that stay here, at any depth. @default none; those of secrets are never read */
  readonly deny?: readonly string[];
  /**
   * Signals of the browser that mean `consent: "denied"` until the page calls `consent("granted")`: Global Privacy
   * Control, Do Not Track. @default none
   */
  readonly honour?: readonly ("gpc" | "dnt")[];
  /**
   * Definitions to guide by without consent: nothing is fetched, stored or sent. From a script tag: a selector of an
   * element with the JSON. @default none: without consent there are no hints
   */
  readonly definitions?: Config | string;
}

interface CommonOptions {
  /** What may leave the browser; JSON of it in `data-privacy`. @default see {@link PrivacyOptions} */
  readonly privacy?: PrivacyOptions | string | undefined;
  /** `"pending"`: store and send nothing before `consent("granted")`. @default "granted" */
  readonly consent?: Consent | undefined;
  /** BCP-47 tag. @default the page's `lang`, else the browser's */
  readonly locale?: string | undefined;
  /**
   * Release of your product, such as a version or commit: sent with each event as `context.app.version`, so that you
   * see which release moved a target. @default none
   */
  readonly release?: string | undefined;
  /** Says wrong arguments and internal errors in the console. @default false */
  readonly debug?: boolean | undefined;
}

/** With a server: definitions come from it, events go to it. */
export interface ServerOptions extends CommonOptions {
  /** Public key of the environment, `pk_…`. */
  readonly key: string;
  /** Origin of the Cairn server, `https://cairn.example.com`. */
  readonly host: string;
}

/** Local mode: definitions in the page, no server, no network; events reach `on` handlers only. */
export interface LocalOptions extends CommonOptions {
  readonly config: Config;
}

export type CairnOptions = ServerOptions | LocalOptions;
