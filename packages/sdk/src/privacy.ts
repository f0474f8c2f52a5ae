import type { Config, Json, JsonObject, Message } from "@cairn/flow-schema";
import type { PrivacyOptions } from "./api.ts";

/** What a host's privacy options come to. A chunk of its own: most pages are content with the defaults. */
export interface Privacy {
  /** Takes out of a message what must not leave. */
  clean(message: Message): Message;
  /** Definitions to guide by without consent. */
  readonly definitions: Config | undefined;
  /** The person's browser objects, and the host honours that. */
  readonly objects: boolean;
}

const DENIED = "…";

/** `given`: the options, or JSON of them, as a script tag has it. Throws where they make no sense. */
export function createPrivacy(window: Window, given: PrivacyOptions | string): Privacy {
  const options = (typeof given === "string" ? JSON.parse(given) : given) as PrivacyOptions;
  const {
    query = [],
    hash,
    maskPaths = [],
    title = true,
    allow,
    deny = [],
    honour = [],
    definitions,
  } = options;
  const { document, location, navigator } = window;
  const lower = (names: readonly string[]) => new Set(names.map((name) => name.toLowerCase()));
  const allowed = allow && lower(allow);
  const denied = lower(deny);

  const maskOf = (path: string) => maskPaths.find((prefix) => path.startsWith(prefix));
  /** Origin, path and what is allowed of the rest; `undefined` where it is no address of the web. */
  function address(text: string): string | undefined {
    if (!URL.canParse(text)) return undefined;
    const url = new URL(text);
    const mask = maskOf(url.pathname);
    if (mask !== undefined) return `${url.origin}${mask}${DENIED}`;
    const params = [...url.searchParams].filter(([name]) => query.includes(name));
    const search = new URLSearchParams(params).toString();
    return `${url.origin}${url.pathname}${search && `?${search}`}${hash ? url.hash : ""}`;
  }
  /** Without what is denied, at every depth. */
  function bare(value: Json): Json {
    if (Array.isArray(value)) return value.map(bare);
    return value && typeof value === "object" ? without(value as JsonObject) : value;
  }
  function without(value: JsonObject, isGood = (_: string) => true): JsonObject {
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, one]) => {
        const word = name.toLowerCase();
        return isGood(word) && !denied.has(word) ? [[name, bare(one)]] : [];
      }),
    );
  }
  const data = (value: JsonObject) => without(value, (word) => !allowed || allowed.has(word));
  function definitionsOf(): Config | undefined {
    if (typeof definitions !== "string") return definitions;
    return JSON.parse(document.querySelector(definitions)?.textContent ?? "null") ?? undefined;
  }

  // Not known to TypeScript 5.9.
  const { globalPrivacyControl, doNotTrack } = navigator as {
    globalPrivacyControl?: boolean;
    doNotTrack?: unknown;
  };
  return {
    clean(message) {
      const { properties, traits, context = {} } = message;
      const mask = maskOf(location.pathname);
      const page = {
        ...context.page,
        url: address(location.href) ?? "",
        path: mask === undefined ? location.pathname : `${mask}${DENIED}`,
        title: title && mask === undefined ? document.title : "",
        referrer: address(document.referrer) ?? "",
      };
      // What Cairn records of its own has no words of the host's but labels of buttons, which the author wrote.
      const isOwn = message.event?.startsWith("cairn.");
      return {
        ...message,
        ...(properties && !isOwn && { properties: data(properties) }),
        ...(traits && { traits: data(traits) }),
        context: { ...context, page },
      };
    },
    definitions: definitionsOf(),
    objects:
      (honour.includes("gpc") && globalPrivacyControl === true) ||
      (honour.includes("dnt") && doNotTrack === "1"),
  };
}
