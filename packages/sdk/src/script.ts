import type { Cairn, Consent } from "./api.ts";
import { browserPlatform } from "./browser-platform.ts";
import { createClient } from "./client.ts";

/** What the loader read from its script tag. */
export interface ScriptOptions {
  readonly key: string;
  readonly host: string;
  readonly consent: string | undefined;
  readonly locale: string | undefined;
  readonly release: string | undefined;
  readonly debug: boolean;
}

/** Entry of the boot chunk. Anything but `granted` or nothing means that consent is still open. */
export function boot({ consent, ...options }: ScriptOptions): Cairn {
  const given: Consent =
    consent === undefined || consent === "granted" ? "granted" : consent === "denied" ? "denied" : "pending";
  return createClient({ ...options, consent: given }, browserPlatform(window));
}
