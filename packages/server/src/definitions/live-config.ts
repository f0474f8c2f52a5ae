import { createHash } from "node:crypto";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Config, Flow } from "@cairn/flow-schema";
import type { Definitions, EnvironmentId, Storage, StoredVersion } from "../storage/storage.ts";

/** The config of one environment, ready to send. */
export interface BuiltConfig {
  readonly revision: number;
  readonly etag: string;
  readonly body: string;
  readonly gzip: Uint8Array<ArrayBuffer>;
  readonly brotli: Uint8Array<ArrayBuffer>;
}

/**
 * Answers with the config as it is now; builds it once per publish, not once per request. A draft is a change too, but
 * none of the config: what was packed before stays.
 */
export type ConfigSource = (environment: EnvironmentId) => Promise<BuiltConfig>;

export function createConfigSource(storage: Storage): ConfigSource {
  const built = new Map<EnvironmentId, BuiltConfig>();
  return async (environment) => {
    const definitions = await storage.recentDefinitions(environment);
    const known = built.get(environment);
    if (known !== undefined && known.revision === definitions.revision) return known;
    const body = JSON.stringify(toConfig(environment, definitions));
    const { revision } = definitions;
    const fresh = known?.body === body ? { ...known, revision } : build(body, revision);
    built.set(environment, fresh);
    return fresh;
  };
}

/** A published flow as the world sees it: with the version and the moment that the server gave it. */
export function publishedFlow({ body, version, publishedAt }: StoredVersion): Flow {
  return { ...body, version, publishedAt: new Date(publishedAt).toISOString() };
}

/** What is published, and nothing else: no draft ever gets here. */
export function toConfig(environment: EnvironmentId, definitions: Definitions): Config {
  return {
    schemaVersion: 1,
    environment,
    flows: definitions.live.map(publishedFlow),
    features: definitions.features.map((row) => row.body),
    segments: definitions.segments.map((row) => row.body),
    settings: definitions.settings?.body ?? {},
  };
}

function build(body: string, revision: number): BuiltConfig {
  const bytes = Buffer.from(body);
  return {
    revision,
    // Weak: the same tag stands for the plain, gzip and Brotli form.
    etag: `W/"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`,
    body,
    gzip: new Uint8Array(gzipSync(bytes)),
    brotli: new Uint8Array(brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })),
  };
}
