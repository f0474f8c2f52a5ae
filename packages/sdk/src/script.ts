import type { Cairn, Consent } from "./api.ts";
import { browserPlatform } from "./browser-platform.ts";
import { createClient } from "./client.ts";
import { cairnFiles, type LoadFile } from "./files.ts";
import { isPreview } from "./preview/preview-link.ts";

// The other files of the build use it from here.
export { cairnFiles };

/** What the loader read from its script tag: its `data-` attributes, without the prefix. */
export interface ScriptOptions {
  readonly key?: string | undefined;
  /** Origin of the Cairn server. */
  readonly host: string;
  readonly consent?: string | undefined;
  readonly locale?: string | undefined;
  readonly release?: string | undefined;
  readonly debug?: string | undefined;
  /** JSON of the privacy options. */
  readonly privacy?: string | undefined;
  /** Fetches the files of this build with their hashes; a loader of an older release has none. */
  readonly load?: LoadFile | undefined;
}

/** Entry of the boot chunk. Anything but `granted` or nothing means that consent is still open. */
export function boot({
  key = "",
  consent = "granted",
  debug,
  load,
  ...options
}: ScriptOptions): Cairn | Promise<Cairn> {
  if (load) cairnFiles.load = load;
  const given: Consent = consent === "granted" || consent === "denied" ? consent : "pending";
  const all = { ...options, key, debug: debug !== undefined, consent: given };
  const platform = browserPlatform(window);
  const start = () => createClient(all, platform);
  return isPreview(window)
    ? import("./preview/create-preview.ts").then(
        ({ createPreview }) => createPreview(all, platform, createClient),
        start,
      )
    : start();
}
