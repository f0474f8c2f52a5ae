import { httpError } from "../errors.ts";
import type { Caller, ServerDeps } from "../server-env.ts";
import { networkOf } from "./network-of.ts";

export interface Knock {
  readonly key: string | undefined;
  /** The page that asks, as its browser says. */
  readonly origin: string | undefined;
  /** Whoever is at the other end. */
  readonly address: string | undefined;
  /** Whether the address was counted before the key was known. @default false */
  readonly counted?: boolean;
}

/**
 * Whose key this is. Throws 401 for a missing, unknown, expired or revoked key, 403 for a page that may not use it,
 * and 429 where one address or one key asks too often.
 */
export function identifyCaller(
  { keyring, limits }: Pick<ServerDeps, "keyring" | "limits">,
  { key, origin, address, counted = false }: Knock,
): Caller {
  const caller = key ? keyring(key) : undefined;
  // Also who guesses keys is held back.
  if (caller?.kind === "secret") {
    if (counted) limits.address.giveBack(address ?? "");
  } else if (!counted) refuseWhile(limits.address.take(address ?? ""));
  if (!key) throw httpError("unauthorized", "A key is needed.");
  if (caller === undefined) throw httpError("unauthorized", "This key is not known here.");
  refuseWhile(limits.key.take(`${caller.environment} ${caller.name}`));
  if (!caller.allows(origin)) throw httpError("forbidden", `Pages of ${origin} may not use this key.`);
  return caller;
}

/** Throws 429 where there are seconds to wait. */
export function refuseWhile(seconds: number): void {
  if (seconds > 0) throw httpError("rate-limited", "Too many requests.", undefined, seconds);
}

/**
 * The address of whoever asks, as requests are counted: see {@link networkOf}. Each trusted proxy has added one to `X-Forwarded-For`, on the right; what stands
 * further left may be invented.
 */
export function clientAddress(
  peer: string | undefined,
  forwarded: string | undefined,
  trustedProxies: number,
): string | undefined {
  const hops = trustedProxies === 0 ? [] : (forwarded ?? "").split(",").map((hop) => hop.trim());
  const address = hops.at(-trustedProxies) || peer;
  return address === undefined ? undefined : networkOf(address);
}
