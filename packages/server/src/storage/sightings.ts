import type { Message } from "@cairn/flow-schema";
import type { CatalogList, Sighting } from "./event-store.ts";

const DEPTH_LIMIT = 6;
const NAME_LIMIT = 512;
/** Longer values are no example for authors. */
const EXAMPLE_LIMIT = 2_000;
const FEATURE_USED = "cairn.feature.used";
const NOTHING: readonly Sighting[] = [];

/** What a message teaches the catalog: attributes (as dotted paths) with their values, pages, anchors. */
export function sightingsOf(message: Message, isStorable: (name: string) => boolean): readonly Sighting[] {
  const { type } = message;
  if (type === "track" && message.event !== FEATURE_USED) return NOTHING;
  const { properties, traits, context } = message as Loose;
  const found: Sighting[] = [];
  const add = (list: CatalogList, name: unknown, value?: unknown) => {
    if (typeof name !== "string" || name === "" || name.length > NAME_LIMIT || !isStorable(name)) return;
    const example = value === undefined || value === null ? undefined : JSON.stringify(value);
    found.push(
      example === undefined || example.length > EXAMPLE_LIMIT ? { list, name } : { list, name, example },
    );
  };
  if (type === "identify") addPaths(traits, (path, value) => add("user", path, value));
  else if (type === "group") addPaths(traits, (path, value) => add("account", path, value));
  else if (type === "page") add("page", properties?.path ?? context?.page?.path);
  // Where a feature was used, and what the SDK says it saw on the page.
  const target = properties?.target;
  if (typeof target === "string" && !target.startsWith("[")) add("anchor", target);
  else if (typeof target === "object" && target !== null)
    add("anchor", (target as { anchor?: unknown }).anchor);
  const seen = context?.cairn?.anchors;
  if (Array.isArray(seen)) for (const anchor of seen) add("anchor", anchor);
  return found;
}

interface Loose {
  readonly traits?: unknown;
  readonly properties?: { readonly [name: string]: unknown } | null;
  readonly context?: {
    readonly page?: { readonly path?: unknown } | null;
    readonly cairn?: { readonly anchors?: unknown } | null;
  } | null;
}

function addPaths(value: unknown, add: (path: string, value: unknown) => void, path = "", depth = 0): void {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    if (depth >= DEPTH_LIMIT) return;
    for (const [key, inner] of Object.entries(value))
      addPaths(inner, add, path === "" ? key : `${path}.${key}`, depth + 1);
  } else if (path !== "") add(path, value);
}
