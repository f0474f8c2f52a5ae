import type { Cairn, CairnOptions } from "./api.ts";
import { browserPlatform } from "./browser-platform.ts";
import { createClient } from "./client.ts";
import { deferred } from "./deferred.ts";
import { isPreview } from "./preview/preview-link.ts";

/** The same calls, doing nothing: on a server, and where the SDK cannot start. */
function inert(): Cairn {
  const nothing = () => {};
  return {
    identify: nothing,
    group: nothing,
    track: nothing,
    page: nothing,
    start: nothing,
    stop: nothing,
    explain: async () => ({
      sdk: "",
      storage: "memory",
      consent: "pending",
      config: false,
      enabled: false,
      droppedEvents: 0,
      errors: [],
      flows: [],
      advice: [],
    }),
    decisions: () => [],
    on: () => nothing,
    hold: () => nothing,
    consent: nothing,
    preferences: nothing,
    setLocale: nothing,
    reset: nothing,
    destroy: nothing,
  };
}

/**
 * Starts Cairn in this page: `{ key, host }` with a server, or `{ config }` with definitions given here and no
 * network. Never throws. Outside a browser (server-side rendering) the calls do nothing.
 */
export function createCairn(options: CairnOptions): Cairn {
  try {
    if (typeof window === "undefined") return inert();
    const platform = browserPlatform(window);
    const start = () => createClient(options, platform);
    if (!("key" in options) || !isPreview(window)) return start();
    return deferred(
      inert(),
      import("./preview/create-preview.ts").then(
        ({ createPreview }) => createPreview(options, platform, createClient),
        start,
      ),
    );
  } catch {
    return inert();
  }
}
